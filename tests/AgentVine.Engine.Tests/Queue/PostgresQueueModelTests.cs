using AgentVine.Testing.Conformance;
using AgentVine.Testing.Databases;
using Xunit;

namespace AgentVine.Engine.Tests.Queue;

public sealed class PostgresQueueModelTests(PostgresDatabase database) : QueueHistory(database, histories: 8), IClassFixture<PostgresDatabase>;
