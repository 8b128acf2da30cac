using AgentVine.Testing.Databases;
using Xunit;

namespace AgentVine.Engine.Tests.Accounts;

public sealed class PostgresLimitedAccountTests(PostgresDatabase database) : LimitedAccountTests(database), IClassFixture<PostgresDatabase>;
