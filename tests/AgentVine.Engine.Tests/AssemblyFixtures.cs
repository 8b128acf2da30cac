using AgentVine.Testing.Databases;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgresServer))]
