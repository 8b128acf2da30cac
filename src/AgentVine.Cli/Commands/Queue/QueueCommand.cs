using AgentVine.Cli.Output;
using AgentVine.Contracts.Queue;
using Spectre.Console;

namespace AgentVine.Cli.Commands.Queue;

/// <summary><c>vine queue</c></summary>
internal sealed class QueueCommand(CommandContext context) : VineCommand(context, "queue", "Show how deep the queues are")
{
    protected override async Task<ExitCode> RunAsync(CommandRun run, CancellationToken cancellationToken)
    {
        var status = await run.Client.GetQueueStatusAsync(cancellationToken);
        if (run.Json)
        {
            run.WriteData(status);
            return ExitCode.Ok;
        }

        var table = new TextTable("QUEUE", "READY", "HELD", "DELAYED", "LEASED", "DEAD", "OLDEST");
        foreach (var queue in status.Queues)
        {
            table.Add(
                (queue.Name, Look.Bold),
                Number(queue.Ready, Look.Plain),
                Number(queue.Held, Look.Attention),
                Number(queue.Delayed, Look.Attention),
                Number(queue.Leased, Look.Tool),
                Number(queue.Dead, Look.Bad),
                (queue.OldestReadySeconds is { } age ? Words.Span(TimeSpan.FromSeconds(age)) : "", Look.Plain));
        }

        table.Write(run.Painter, run.Width);
        Tell(run, status.Accounts);
        return ExitCode.Ok;
    }

    private static void Tell(CommandRun run, IReadOnlyList<AccountStatus> accounts)
    {
        foreach (var account in accounts)
        {
            var until = account.ClosedUntil is { } moment ? Words.Moment(moment, run.Context.Time) : "it is opened: vine accounts open";
            run.Painter.Line(
                $"account {Printable.Line(account.Name)} takes no work until {until}{(account.Reason is { } why ? $": {Printable.Line(why)}" : "")}", Look.Attention);
        }
    }

    private static (string Text, Style Style) Number(long number, Style style) =>
        (number.ToString(System.Globalization.CultureInfo.InvariantCulture), number == 0 ? Look.Dim : style);
}
