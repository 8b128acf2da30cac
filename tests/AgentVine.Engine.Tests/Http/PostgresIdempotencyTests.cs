using AgentVine.Testing.Databases;
using Xunit;

namespace AgentVine.Engine.Tests.Http;

public sealed class PostgresIdempotencyTests(PostgresDatabase database) : IdempotencyConformance(database), IClassFixture<PostgresDatabase>;
