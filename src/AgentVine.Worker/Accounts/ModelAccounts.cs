using AgentVine.Contracts.Queue;
using AgentVine.Runtimes;
using AgentVine.Runtimes.ClaudeCode;

namespace AgentVine.Worker.Accounts;

/// <summary>A worker's accounts, in order of preference, and the agent program that calls by each.</summary>
internal sealed class ModelAccounts(IReadOnlyList<ModelAccount> all, Func<ModelAccount, IAgentRuntime> runtime)
{
    private readonly Dictionary<string, IAgentRuntime> _runtimes = all.ToDictionary(account => account.Name, runtime, StringComparer.Ordinal);

    public IReadOnlyList<ModelAccount> All => all;

    /// <summary>The account that pays an order's calls: the one that the server chose, or the first where it chose none; null where none does.</summary>
    public ModelAccount? For(WorkOrderView order) => order.Task.Runtime == ClaudeCodeRuntime.RuntimeName
        ? all.FirstOrDefault(account => order.Account is null || account.Name == order.Account)
        : null;

    /// <summary>Whether the server chose an account that this worker does not have: no other one may pay.</summary>
    public bool Lacks(WorkOrderView order) => order is { Account: not null, Task.Runtime: ClaudeCodeRuntime.RuntimeName } && For(order) is null;

    /// <summary>The agent program that calls by the account.</summary>
    public IAgentRuntime RuntimeOf(ModelAccount account) => _runtimes[account.Name];
}
