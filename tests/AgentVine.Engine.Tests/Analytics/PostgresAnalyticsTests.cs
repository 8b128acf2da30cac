using AgentVine.Testing.Conformance;
using AgentVine.Testing.Databases;
using Xunit;

namespace AgentVine.Engine.Tests.Analytics;

public sealed class PostgresAnalyticsTests(PostgresDatabase database) : AnalyticsConformance(database), IClassFixture<PostgresDatabase>;
