using AgentVine.Cli.Output;
using AgentVine.Contracts.Workers;

namespace AgentVine.Cli.Commands.Workers;

/// <summary><c>vine workers</c></summary>
internal sealed class WorkersCommand(CommandContext context) : VineCommand(context, "workers", "List the workers")
{
    protected override async Task<ExitCode> RunAsync(CommandRun run, CancellationToken cancellationToken)
    {
        var workers = await run.Client.ListWorkersAsync(cancellationToken);
        if (run.Json)
        {
            run.WriteData(workers);
        }
        else if (workers.Count == 0)
        {
            run.Note("no workers; `vine up` brings its own, `vine worker` starts one more");
        }
        else
        {
            Show(run, workers);
        }

        return ExitCode.Ok;
    }

    private static void Show(CommandRun run, IReadOnlyList<WorkerView> workers)
    {
        var table = new TextTable("NAME", "STATUS", "BUSY", "RUNTIMES", "SANDBOX", "HOST", "SEEN", "") { Flexible = 7 };
        foreach (var worker in workers)
        {
            table.Add(
                (worker.Name, Look.Bold),
                (Words.Of(worker.Status) + Words.Doubt(worker.UnconfirmedSince, null, run.Context.Time), Look.Of(worker.Status)),
                ($"{worker.Leased} of {worker.Slots}", Look.Plain),
                (string.Join(", ", worker.Runtimes), Look.Plain),
                (worker.Sandbox ?? "", worker.Sandbox == "none" ? Look.Attention : Look.Plain),
                (worker.Host ?? "", Look.Plain),
                (Words.Age(worker.LastSeenAt, run.Context.Time) + " ago", Look.Dim),
                (worker.StatusReason ?? "", Look.Dim));
        }

        table.Write(run.Painter, run.Width);
    }
}
