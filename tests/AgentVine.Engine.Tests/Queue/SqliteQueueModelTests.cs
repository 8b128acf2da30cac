using AgentVine.Testing.Conformance;
using AgentVine.Testing.Databases;
using Xunit;

namespace AgentVine.Engine.Tests.Queue;

public sealed class SqliteQueueModelTests(SqliteDatabase database) : QueueHistory(database, histories: 40), IClassFixture<SqliteDatabase>;
