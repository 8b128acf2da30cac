using AgentVine.Testing.Conformance;
using AgentVine.Testing.Databases;
using Xunit;

namespace AgentVine.Engine.Tests.Analytics;

public sealed class SqliteAnalyticsTests(SqliteDatabase database) : AnalyticsConformance(database), IClassFixture<SqliteDatabase>;
