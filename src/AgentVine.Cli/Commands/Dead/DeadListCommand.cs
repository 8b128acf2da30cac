using System.CommandLine;
using AgentVine.Cli.Ids;
using AgentVine.Cli.Output;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Cli.Commands.Dead;

/// <summary><c>vine dead list</c></summary>
internal sealed class DeadListCommand : VineCommand
{
    private readonly Option<string> _cause = Choices.Of<FailureCause>("--cause", "Only those that this ended");

    public DeadListCommand(CommandContext context)
        : base(context, "list", "List the tasks that were given up, the newest first")
    {
        Add(_cause);
    }

    protected override async Task<ExitCode> RunAsync(CommandRun run, CancellationToken cancellationToken)
    {
        var entries = new List<DeadLetterView>();
        string? after = null;
        do
        {
            var page = await run.Client.ListDeadLetterAsync(run.Value<FailureCause>(_cause), null, after, cancellationToken);
            entries.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        if (run.Json)
        {
            run.WriteData(entries);
        }
        else if (entries.Count == 0)
        {
            run.Note("nothing was given up");
        }
        else
        {
            Show(run, entries);
        }

        return ExitCode.Ok;
    }

    private static void Show(CommandRun run, IReadOnlyList<DeadLetterView> entries)
    {
        var time = run.Context.Time;
        var table = new TextTable("ID", "TITLE", "CAUSE", "TRIED", "SINCE", "KEPT FOR") { Flexible = 1 };
        foreach (var entry in entries)
        {
            table.Add(
                (ShortId.Of(entry.Id), Look.Bold),
                (entry.Title, Look.Plain),
                (entry.Cause is { } cause ? Words.Of(cause) : entry.Task.Error is { } error ? Words.Of(error.Kind) : "", Look.Bad),
                ($"{entry.Task.Attempt}", Look.Plain),
                (Words.Age(entry.Since, time), Look.Plain),
                (Words.Span(entry.KeepUntil - time.GetUtcNow()), Look.Dim));
        }

        table.Write(run.Painter, run.Width);
        run.Painter.Line("why, and what to try: vine dead show ID", Look.Dim);
    }
}
