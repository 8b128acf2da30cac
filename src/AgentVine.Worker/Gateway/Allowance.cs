using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Queue;

namespace AgentVine.Worker.Gateway;

/// <summary>
/// What an attempt may spend. Money is asked for ahead, so that most calls need no question; calls under way count with what they may well
/// cost. Safe to use from any thread.
/// </summary>
/// <param name="budget">What is granted from the start.</param>
/// <param name="ask">Asks the server: so much is spent, the total is to be allowed to reach so much.</param>
internal sealed class Allowance(WorkOrderBudget budget, Func<decimal, decimal, CancellationToken, Task<BudgetResponse>> ask) : IDisposable
{
    private const decimal Step = 0.05m;
    private readonly SemaphoreSlim _asking = new(1);
    private readonly Lock _gate = new();
    private decimal _granted = budget.GrantedUsd;
    private decimal _spent = budget.SpentUsd;
    private decimal _underWay;

    /// <summary>Sets aside what a call may well cost; returns what is in its way where it may not be made.</summary>
    public async Task<BudgetRefusal?> ReserveAsync(decimal estimate, CancellationToken cancellationToken)
    {
        var cost = Math.Max(Rounded(estimate), 0.000001m);
        if (TryReserve(cost))
        {
            return null;
        }

        await _asking.WaitAsync(cancellationToken);
        try
        {
            BudgetRefusal? refusal = null;

            // What is left of a budget may be less than a step and yet enough for the call.
            foreach (var wanted in cost < Step ? [Step, cost] : new[] { cost })
            {
                if (TryReserve(cost))
                {
                    return null;
                }

                var (spent, total) = Wanted(wanted);
                var answer = await ask(spent, total, cancellationToken);
                Grant(answer.GrantedUsd);
                refusal = answer.Refused;
            }

            return TryReserve(cost) ? null : refusal ?? throw new InvalidOperationException("The server granted less than was asked for, and did not say why.");
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <summary>A call is over: it cost this, and what was set aside for it is free.</summary>
    public void Settle(decimal estimate, decimal cost)
    {
        lock (_gate)
        {
            _underWay -= Math.Max(Rounded(estimate), 0.000001m);
            _spent += cost;
        }
    }

    public void Dispose() => _asking.Dispose();

    private bool TryReserve(decimal cost)
    {
        lock (_gate)
        {
            if (_spent + _underWay + cost > _granted)
            {
                return false;
            }

            _underWay += cost;
            return true;
        }
    }

    private (decimal Spent, decimal Total) Wanted(decimal more)
    {
        lock (_gate)
        {
            return (Rounded(_spent), Rounded(_spent + _underWay + more));
        }
    }

    private void Grant(decimal total)
    {
        lock (_gate)
        {
            _granted = Math.Max(_granted, total);
        }
    }

    // The server counts in millionths: rounded up, so that what is granted is enough.
    private static decimal Rounded(decimal usd) => Math.Ceiling(usd * 1_000_000m) / 1_000_000m;
}
