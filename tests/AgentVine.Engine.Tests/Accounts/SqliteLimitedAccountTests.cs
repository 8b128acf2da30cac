using AgentVine.Testing.Databases;
using Xunit;

namespace AgentVine.Engine.Tests.Accounts;

public sealed class SqliteLimitedAccountTests(SqliteDatabase database) : LimitedAccountTests(database), IClassFixture<SqliteDatabase>;
