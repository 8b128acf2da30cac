using System.CommandLine;
using AgentVine.Cli.Output;

namespace AgentVine.Cli.Commands.Accounts;

/// <summary><c>vine accounts open</c></summary>
internal sealed class OpenAccountCommand : VineCommand
{
    private readonly Argument<string> _name = new("name") { Description = "The account, as vine accounts names it" };

    public OpenAccountCommand(CommandContext context)
        : base(context, "open", "Let an account take work again")
    {
        Add(_name);
    }

    protected override async Task<ExitCode> RunAsync(CommandRun run, CancellationToken cancellationToken)
    {
        var account = await run.Client.OpenAccountAsync(run.Get(_name)!, cancellationToken);
        if (run.Json)
        {
            run.WriteData(account);
        }
        else
        {
            run.Painter.Line($"account {Printable.Line(account.Name)} is open", Look.Plain);
        }

        return ExitCode.Ok;
    }
}
