using AgentVine.Cli.Output;
using AgentVine.Contracts;
using AgentVine.Contracts.Accounts;

namespace AgentVine.Cli.Commands.Accounts;

/// <summary><c>vine accounts</c></summary>
internal sealed class AccountsCommand : VineCommand
{
    public AccountsCommand(CommandContext context)
        : base(context, "accounts", "List the model accounts; open and close them")
    {
        Add(new OpenAccountCommand(context));
        Add(new CloseAccountCommand(context));
    }

    /// <summary>Where an account stands, in words.</summary>
    public static string StatusOf(AccountView account, TimeProvider time) => account switch
    {
        { Status: AccountState.Limited, ClosedUntil: { } until } => $"limited until {Words.Moment(until, time)}",
        { Status: AccountState.Closed, Cause: { } cause } => $"closed, {Words.Of(cause)}",
        { Probing: true } => "on trial",
        _ => Words.Of(account.Status),
    };

    protected override async Task<ExitCode> RunAsync(CommandRun run, CancellationToken cancellationToken)
    {
        var accounts = (await run.Client.ListAccountsAsync(cancellationToken)).Items;
        if (run.Json)
        {
            run.WriteData(accounts);
        }
        else if (accounts.Count == 0)
        {
            run.Note("no accounts; a worker registers with those of its environment or its file");
        }
        else
        {
            Show(run, accounts);
        }

        return ExitCode.Ok;
    }

    private static void Show(CommandRun run, IReadOnlyList<AccountView> accounts)
    {
        var table = new TextTable("NAME", "KIND", "STATUS", "RUNNING", "TODAY", "WORKERS", "") { Flexible = 6 };
        foreach (var account in accounts)
        {
            table.Add(
                (account.Name, Look.Bold),
                (VineJson.Name(account.Kind), Look.Plain),
                (StatusOf(account, run.Context.Time), account.Status == AccountState.Open ? Look.Plain : Look.Attention),
                (account.Running.ToString(System.Globalization.CultureInfo.InvariantCulture), Look.Plain),
                (account.SpentTodayUsd == 0 ? "" : Words.Dollars(account.SpentTodayUsd), Look.Plain),
                (string.Join(", ", account.Workers.Select(worker => worker.WorkerName).Distinct()), Look.Plain),
                (account.Reason ?? "", Look.Dim));
        }

        table.Write(run.Painter, run.Width);
    }
}
