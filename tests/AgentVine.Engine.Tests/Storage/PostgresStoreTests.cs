using AgentVine.Testing.Conformance;
using AgentVine.Testing.Databases;
using Xunit;

namespace AgentVine.Engine.Tests.Storage;

public sealed class PostgresStoreTests(PostgresDatabase database) : StoreConformance(database), IClassFixture<PostgresDatabase>;
