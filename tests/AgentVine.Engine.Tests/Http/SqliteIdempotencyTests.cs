using AgentVine.Testing.Databases;
using Xunit;

namespace AgentVine.Engine.Tests.Http;

public sealed class SqliteIdempotencyTests(SqliteDatabase database) : IdempotencyConformance(database), IClassFixture<SqliteDatabase>;
