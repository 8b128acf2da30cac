using AgentVine.Cli.Ids;
using AgentVine.Cli.Output;
using AgentVine.Contracts.Queue;
using Spectre.Console;
using Line = System.Collections.Generic.IReadOnlyList<(string Text, Spectre.Console.Style Style)>;

namespace AgentVine.Cli.Commands.Top;

/// <summary>Lays a frame out in lines, none of them longer than the terminal is wide nor all of them more than it is high.</summary>
internal sealed class TopScreen(TimeProvider time)
{
    // On less than this, names of models and workers give way to titles.
    private const int Wide = 110;
    private const int Slim = 12;

    // Below this the queues are a line, so that there is room for what runs and what needs somebody.
    private const int Low = 21;

    /// <param name="frame">What is shown.</param>
    /// <param name="width">The terminal's columns; null where nothing is cut.</param>
    /// <param name="height">Its rows; null where all is shown.</param>
    /// <param name="trouble">What stands in the way of a newer frame, if anything.</param>
    public IReadOnlyList<Line> Lay(TopFrame frame, int? width, int? height, string? trouble = null)
    {
        var lines = new List<Line> { Head(frame, trouble), Hour(frame.LastHour) };
        lines.AddRange(height < Low ? [Brief(frame.Queues)] : [Blank, .. Queues(frame.Queues).Lines(width)]);
        var sections = new List<TopSection> { Running(frame, width), Needs(frame, width), Workers(frame, width) };
        if (frame.Accounts.Count > 0)
        {
            sections.Insert(0, new TopSection(Title("LIMITS"), [.. frame.Accounts.Select(Limit)]));
        }

        var room = TopRoom.Share(sections, height - lines.Count);
        foreach (var (section, shown) in sections.Zip(room))
        {
            lines.Add(Blank);
            lines.Add(section.Heading);
            lines.AddRange(section.Lines.Take(shown));
            if (shown < section.Lines.Count)
            {
                lines.Add([($"… {section.Lines.Count - shown} more", Look.Dim)]);
            }
        }

        return [.. lines.Take(height ?? int.MaxValue).Select(line => width is { } most ? Cut(line, most) : line)];
    }

    private static Line Blank { get; } = [];

    private static Line Title(string text) => [(text, Look.Dim)];

    private Line Head(TopFrame frame, string? trouble) =>
    [
        ("vine top", Look.Bold),
        ($"  {frame.Server.GetLeftPart(UriPartial.Authority)}  {Words.TimeOfDay(frame.At, time)}", Look.Dim),
        (trouble is null ? "" : "  " + Printable.Line(trouble), Look.Bad),
    ];

    private static Line Hour(TopHour hour) =>
    [
        ("last hour  ", Look.Dim),
        ($"{hour.Completed} completed", hour.Completed > 0 ? Look.Good : Look.Plain),
        (hour.Failed > 0 ? $", {hour.Failed} failed" : "", Look.Bad),
        (hour.CompletionRate is { } rate ? $" ({TopWords.Percent(rate)})" : "", Look.Plain),
        (hour.Claims > 0 ? $" · claimed in {TopWords.Seconds(hour.ClaimP50Seconds)}, p95 {TopWords.Seconds(hour.ClaimP95Seconds)}" : "", Look.Plain),
        (hour.CostUsd > 0 ? $" · {Words.Dollars(hour.CostUsd)}" : "", Look.Plain),
    ];

    private static TextTable Queues(IReadOnlyList<QueueDepth> queues)
    {
        var table = new TextTable("QUEUE", "READY", "HELD", "DELAYED", "LEASED", "DEAD", "OLDEST");
        foreach (var queue in queues)
        {
            table.Add(
                (queue.Name, Look.Bold),
                TopWords.Number(queue.Ready, Look.Plain),
                TopWords.Number(queue.Held, Look.Attention),
                TopWords.Number(queue.Delayed, Look.Attention),
                TopWords.Number(queue.Leased, Look.Tool),
                TopWords.Number(queue.Dead, Look.Bad),
                (queue.OldestReadySeconds is { } age ? Words.Span(TimeSpan.FromSeconds(age)) : "", Look.Plain));
        }

        return table;
    }

    private static Line Brief(IReadOnlyList<QueueDepth> queues)
    {
        var orders = queues.Where(queue => QueueNames.WorkOrders.Contains(queue.Name)).ToList();
        return
        [
            ("queues     ", Look.Dim),
            ($"{orders.Sum(queue => queue.Ready)} ready, {orders.Sum(queue => queue.Held)} held, {orders.Sum(queue => queue.Delayed)} delayed, ", Look.Plain),
            ($"{orders.Sum(queue => queue.Leased)} leased, {orders.Sum(queue => queue.Dead)} dead", Look.Plain),
        ];
    }

    private Line Limit(AccountStatus account) =>
    [
        ($"account {Printable.Line(account.Name)} ", Look.Bold),
        (account.ClosedUntil is { } until
            ? $"limited until {(until - time.GetUtcNow() < TimeSpan.FromHours(20) ? Words.TimeOfDay(until, time) : Words.Moment(until, time))}"
            : "closed until a person opens it", Look.Attention),
        (account.Reason is { } why ? ": " + Printable.Line(why) : "", Look.Plain),
    ];

    private TopSection Workers(TopFrame frame, int? width)
    {
        var table = new TextTable("WORKER", "STATUS", "BUSY", "USED 1H", "") { Flexible = 4 };
        foreach (var worker in frame.Workers)
        {
            table.Add(
                (worker.Name, Look.Bold),
                (Words.Of(worker.Status) + Words.Doubt(worker.UnconfirmedSince, null, time), Look.Of(worker.Status)),
                ($"{worker.Leased} of {worker.Slots}", Look.Plain),
                (worker.Utilisation is { } share ? TopWords.Percent(share) : "", Look.Plain),
                (worker.StatusReason ?? "", Look.Dim));
        }

        return Of(table, width, "no workers; `vine up` brings its own, `vine worker` starts one more");
    }

    private TopSection Running(TopFrame frame, int? width)
    {
        var table = new TextTable("RUNS", "TITLE", "TRY", "STATUS", "AGENT", "WORKER", "FOR", "COST") { Flexible = 1 };
        foreach (var run in frame.Running)
        {
            table.Add(
                (ShortId.Of(run.TaskId), Look.Bold),
                (run.Title, Look.Plain),
                (run.Attempt.ToString(System.Globalization.CultureInfo.InvariantCulture), Look.Plain),
                (Words.Of(run.Status) + Words.Doubt(run.UnconfirmedSince, run.StalledSince, time), Look.Of(run.Status)),
                (TextTable.Shorten(run.Model ?? run.Runtime, width < Wide ? Slim : int.MaxValue), Look.Plain),
                (TextTable.Shorten(run.Worker ?? "", width < Wide ? Slim : int.MaxValue), Look.Plain),
                (run.Since is { } since ? Words.Age(since, time) : "", Look.Plain),
                (run.CostUsd is { } cost and > 0 ? Words.Dollars(cost) : "", Look.Plain));
        }

        return Of(table, width, "nothing runs") with { Least = 5 };
    }

    private TopSection Needs(TopFrame frame, int? width)
    {
        var table = new TextTable("NEEDS YOU", "", "FOR", "", "TASK") { Flexible = 3 };
        foreach (var request in frame.Requests)
        {
            table.Add(
                (ShortId.Of(request.Id), Look.Bold),
                (Words.Of(request.Kind), request.EscalatedAt is null ? Look.Attention : Look.Bad),
                (Words.Age(request.AskedAt, time), Look.Plain),
                (request.Title, Look.Plain),
                (ShortId.Of(request.TaskId), Look.Dim));
        }

        foreach (var dead in frame.DeadLetters)
        {
            table.Add(
                (ShortId.Of(dead.TaskId), Look.Bold),
                ("dead letter", Look.Bad),
                (Words.Age(dead.Since, time), Look.Plain),
                ($"{dead.Title}: {dead.Message}", Look.Plain),
                (ShortId.Of(dead.TaskId), Look.Dim));
        }

        return Of(table, width, "nothing needs you");
    }

    private static TopSection Of(TextTable table, int? width, string none)
    {
        var lines = table.Lines(width);
        return lines.Count > 1 ? new TopSection(lines[0], [.. lines.Skip(1)]) : new TopSection([(none, Look.Dim)], []);
    }

    private static Line Cut(Line line, int width)
    {
        var kept = new List<(string, Style)>();
        var left = width;
        foreach (var (text, style) in line)
        {
            var part = TextTable.Shorten(text, left);
            kept.Add((part, style));
            left -= TextTable.Cells(part);
            if (left <= 0)
            {
                break;
            }
        }

        return kept;
    }
}
