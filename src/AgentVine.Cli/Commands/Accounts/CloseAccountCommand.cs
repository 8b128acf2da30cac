using System.CommandLine;
using AgentVine.Cli.Output;
using AgentVine.Cli.Settings;
using AgentVine.Contracts.Accounts;

namespace AgentVine.Cli.Commands.Accounts;

/// <summary><c>vine accounts close</c></summary>
internal sealed class CloseAccountCommand : VineCommand
{
    private readonly Argument<string> _name = new("name") { Description = "The account, as vine accounts names it" };
    private readonly Option<string> _for = new("--for") { Description = "How long, as in 2h; until it is opened by default", HelpName = "time" };
    private readonly Option<string> _reason = new("--reason") { Description = "Shown wherever work waits for it", HelpName = "text" };

    public CloseAccountCommand(CommandContext context)
        : base(context, "close", "Start nothing more on an account; what runs goes on")
    {
        Add(_name);
        Add(_for);
        Add(_reason);
    }

    protected override async Task<ExitCode> RunAsync(CommandRun run, CancellationToken cancellationToken)
    {
        var request = new CloseAccountRequest { Until = Until(run), Reason = run.Get(_reason) };
        var account = await run.Client.CloseAccountAsync(run.Get(_name)!, request, cancellationToken);
        if (run.Json)
        {
            run.WriteData(account);
        }
        else
        {
            run.Painter.Line($"account {Printable.Line(account.Name)} is {AccountsCommand.StatusOf(account, run.Context.Time)}", Look.Plain);
        }

        return ExitCode.Ok;
    }

    private DateTimeOffset? Until(CommandRun run) => run.Get(_for) is not { } text ? null
        : Durations.Parse(text) is { TotalSeconds: >= 1 } span ? run.Context.Time.GetUtcNow() + span
        : throw new CommandException(ExitCode.Usage, $"--for is '{text}', but must be {Durations.Rule}");
}
