using AgentVine.Cli;
using AgentVine.Host.Server;
using Spectre.Console;

namespace AgentVine.Host.Commands;

/// <summary>What <c>vine up</c> says when it is ready: where it is, and what to type next.</summary>
internal static class UpBanner
{
    public static void Write(CommandRun run, VineServer server, int workers)
    {
        if (run.Json)
        {
            run.WriteData(new { url = server.Url, data_folder = server.DataFolder, workers });
            run.Context.Console.Out.Flush();
            return;
        }

        var painter = run.Painter;
        painter.MarkupLineInterpolated($"[bold]AgentVine[/] is up at [bold]{server.Url}[/] with {workers} {(workers == 1 ? "worker" : "workers")}");
        painter.MarkupLineInterpolated($"  data     {server.DataFolder}");
        painter.MarkupLineInterpolated($"  API      {server.Url}docs");
        painter.MarkupLineInterpolated($"  next     vine task add \"What is to be done\" --repo . --watch");
        painter.MarkupLineInterpolated($"  answer   vine inbox");
        painter.MarkupLineInterpolated($"  watch    vine top");
        painter.MarkupLineInterpolated($"  stop     Ctrl-C");
        run.Context.Console.Out.Flush();
    }
}
