using System.CommandLine;
using AgentVine.Cli;
using AgentVine.Cli.Commands;
using AgentVine.Cli.Output;
using AgentVine.Runtimes;
using AgentVine.Runtimes.ClaudeCode;

namespace AgentVine.Host.Demo;

/// <summary><c>vine demo</c>: two tasks on a small repository of its own, from filing to branch, with a question and permissions to answer.</summary>
internal sealed class DemoCommand : VineCommand
{
    private readonly Option<bool> _exit = new("--exit") { Description = "For scripts: answer for the person at once; the exit code says whether every task ended as promised" };
    private readonly Option<bool> _keep = new("--keep") { Description = "Keep the demo's folder, to look into it afterwards" };

    public DemoCommand(CommandContext context)
        : base(context, "demo", "Show the whole path on a small repository: file, work, ask, answer, branch")
    {
        Add(_exit);
        Add(_keep);
    }

    public override TimeSpan? TerminationGrace => null;

    protected override async Task<ExitCode> RunAsync(CommandRun run, CancellationToken cancellationToken)
    {
        using var termination = new Termination();
        var folder = Directory.CreateTempSubdirectory("vine-demo-").FullName;
        try
        {
            return await RunAsync(run, folder, termination.First);
        }
        finally
        {
            if (run.Get(_keep))
            {
                run.Note($"kept: {folder}");
            }
            else
            {
                Git.Clones.PrivateClone.Delete(folder);
            }
        }
    }

    private async Task<ExitCode> RunAsync(CommandRun run, string folder, CancellationToken stop)
    {
        var claude = await FindClaudeAsync(run, stop);
        run.Painter.Line(
            claude is not null
                ? $"Demo: the real Claude Code {claude.Version}, talking to a scripted model on this machine. The model is a simulation; no account is used."
                : "Demo: the rehearsal runtime, which simulates an agent. Install Claude Code to see the real one: "
                + $"npm install -g @anthropic-ai/claude-code@{ClaudeCodeProbe.TestedVersion}",
            Look.Attention);

        // Into a pipe it would come after the workers' first warnings, and what is simulated has to be said first.
        await run.Context.Console.Out.FlushAsync(stop);
        await using var stage = await DemoStage.SetAsync(run, folder, claude, stop);
        using var fleetStop = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var fleet = stage.Workers.Select(worker => worker.RunAsync(fleetStop.Token, fleetStop.Token)).ToList();
        try
        {
            var tasks = await stage.FileAsync(stop);
            var show = new DemoShow(run, stage.Client, answerAtOnce: run.Get(_exit));
            await show.FollowAsync(tasks, stop);
            return await DemoSummary.WriteAsync(run, stage.Client, tasks, stop) ? ExitCode.Ok : ExitCode.Failed;
        }
        finally
        {
            await fleetStop.CancelAsync();
            await Task.WhenAll(fleet);
        }
    }

    private static async Task<ClaudeProgram?> FindClaudeAsync(CommandRun run, CancellationToken stop)
    {
        try
        {
            return await ClaudeCodeProbe.FindAsync(run.Settings.Text("claude_path"), run.Context.Time, stop);
        }
        catch (AgentLaunchException)
        {
            // Not installed: the demo says so in its first line, and rehearses.
            return null;
        }
    }
}
