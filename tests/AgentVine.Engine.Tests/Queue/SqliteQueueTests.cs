using AgentVine.Testing.Conformance;
using AgentVine.Testing.Databases;
using Xunit;

namespace AgentVine.Engine.Tests.Queue;

public sealed class SqliteQueueTests(SqliteDatabase database) : QueueConformance(database), IClassFixture<SqliteDatabase>;
