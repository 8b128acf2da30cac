using AgentVine.Cli.Output;
using Spectre.Console;

namespace AgentVine.Cli.Commands.Doctor;

/// <summary><c>vine doctor</c></summary>
internal sealed class DoctorCommand(CommandContext context)
    : VineCommand(context, "doctor", "Look whether this machine has what AgentVine needs")
{
    protected override async Task<ExitCode> RunAsync(CommandRun run, CancellationToken cancellationToken)
    {
        var found = new List<(string Name, DoctorResult Result)>();
        foreach (var check in run.Context.DoctorChecks(run.Settings))
        {
            var result = await LookAsync(check, cancellationToken);
            found.Add((check.Name, result));
            Show(run.Painter, check.Name, result);
        }

        if (run.Json)
        {
            run.WriteData(found.Select(item => new { item.Name, item.Result.Outcome, item.Result.Detail, item.Result.NextStep }));
        }

        return found.Any(item => item.Result.Outcome == DoctorOutcome.Failed) ? ExitCode.Failed : ExitCode.Ok;
    }

    private static async Task<DoctorResult> LookAsync(IDoctorCheck check, CancellationToken cancellationToken)
    {
        try
        {
            return await check.RunAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new DoctorResult(DoctorOutcome.Failed, exception.Message);
        }
    }

    private static void Show(IAnsiConsole painter, string name, DoctorResult result)
    {
        var (sign, style) = result.Outcome switch
        {
            DoctorOutcome.Ok => ("✓", Look.Good),
            DoctorOutcome.Warning => ("!", Look.Attention),
            _ => ("✗", Look.Bad),
        };
        painter.Line((sign + " ", style), ($"{name,-14}", Look.Bold), (Printable.Line(result.Detail), Look.Plain));
        if (result.NextStep is { } step)
        {
            painter.Line(new string(' ', 16) + "→ " + Printable.Line(step), style);
        }
    }
}
