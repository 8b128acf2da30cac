using AgentVine.Testing.Conformance;
using AgentVine.Testing.Databases;
using Xunit;

namespace AgentVine.Engine.Tests.Queue;

public sealed class PostgresQueueTests(PostgresDatabase database) : QueueConformance(database), IClassFixture<PostgresDatabase>;
