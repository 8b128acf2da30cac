using System.Reflection;
using AgentVine.Engine.Analytics;
using AgentVine.Engine.Kernel;
using AgentVine.Testing.Databases;
using Xunit;

namespace AgentVine.Engine.Tests.Analytics;

/// <summary>A question costs what its range holds, not what was ever stored: every table is entered by an index.</summary>
public sealed class AnalyticsPlanTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    // What a statement made itself, and the handful of workers.
    private static readonly string[] MayBeScanned = ["facts", "ranked", "ended", "w", "p"];

    public static TheoryData<string> Statements => [.. Selects().Select(statement => statement.Name)];

    [Theory, MemberData(nameof(Statements))]
    public async Task Tables_AreEnteredByAnIndex(string statement)
    {
        var sql = Selects().Single(select => select.Name == statement).Text;
        var plan = await database.Store.ReadAsync(
            Organizations.Default,
            session => session.QueryAsync<Step>("explain query plan " + sql, new { From = 0L, To = 0L, Origin = 0L, Width = 1L, Group = "", Limit = 1 }),
            TestContext.Current.CancellationToken);

        var scans = plan.Select(step => step.Detail.Split(' ')).Where(words =>
            words[0] == "SCAN" && !words.Contains("INDEX") && !words[1].StartsWith('(') && !MayBeScanned.Contains(words[1]));
        Assert.Empty(scans.Select(words => string.Join(' ', words)));
        Assert.NotEmpty(plan);
    }

    private static IEnumerable<(string Name, string Text)> Selects() =>
        from constant in typeof(AnalyticsSql).GetFields(BindingFlags.Static | BindingFlags.Public)
        let text = (string)constant.GetRawConstantValue()!
        where text.StartsWith("select", StringComparison.Ordinal)
        select (constant.Name, text);

    private sealed class Step
    {
        public int Id { get; init; }

        public int Parent { get; init; }

        public int Notused { get; init; }

        public string Detail { get; init; } = "";
    }
}
