using AgentVine.Worker.Gateway;
using AgentVine.Worker.Outbox;
using Microsoft.Extensions.Logging;

namespace AgentVine.Worker.Accounts;

/// <summary>Begins the model calls of attempts.</summary>
internal sealed class ModelCalls(
    ModelAccounts accounts, ModelGateway? gateway, PriceTable prices, ServerLink server, TimeProvider time, ILogger<ModelCalls> logger)
{
    /// <summary>Chooses the attempt's account and lets its agent call there, until what this returns is disposed.</summary>
    public AttemptCalls Begin(Lease lease, AttemptOutbox outbox, OutputWriter output)
    {
        var account = accounts.For(lease.Order);
        var calls = new AttemptCalls(lease, outbox, output, server, new UsageLedger(prices, time), time, logger)
        {
            Runtime = account is null ? null : accounts.RuntimeOf(account),
            LacksAccount = accounts.Lacks(lease.Order),
        };
        if (account is not null && gateway?.Serves(account.Name) == true)
        {
            calls.Begin(gateway, account.Name);
        }

        return calls;
    }
}
