using AgentVine.Contracts;
using AgentVine.Contracts.Accounts;
using AgentVine.Contracts.Tasks;
using Xunit;

namespace AgentVine.Testing.Conformance;

/// <summary>Accounts that close or open just when somebody looks.</summary>
public abstract partial class QueueConformance
{
    [Fact]
    public async Task A_key_that_was_refused_does_not_open_by_the_clock_whoever_closes_its_account()
    {
        var worker = await _fleet.RegisterAsync("worker", null, QueueFleet.Account("a"));
        await _fleet.TellLimitAsync(worker, "a", FailureCause.KeyRefused);

        await RefusedAsync(ErrorCodes.AccountsKeyRefused, () => _fleet.CloseAccountAsync("a", _time.GetUtcNow().AddHours(1), "lunch"));

        _time.Advance(TimeSpan.FromHours(2));
        await _fleet.OpenDueAccountsAsync();
        var account = await _fleet.AccountAsync("a");
        Assert.Equal((AccountState.Closed, FailureCause.KeyRefused, "the provider's words"), (account.Status, account.Cause, account.Reason));
        await _fleet.RegisterAsync("worker", null, QueueFleet.Account("a", "ffffffff"));
        Assert.Equal(AccountState.Open, (await _fleet.AccountAsync("a")).Status);
    }

    [Fact]
    public async Task A_wake_goes_on_when_the_account_closes_between_the_look_and_the_claim()
    {
        var closes = await _fleet.RegisterAsync("closes", null, QueueFleet.Account("a"));
        var open = await _fleet.RegisterAsync("open", null, QueueFleet.Account("b"));
        using var ended = new CancellationTokenSource();
        var first = _fleet.ClaimAsync(closes, wait: Patience, cancellationToken: ended.Token);
        await WaitingAsync(1);
        var second = _fleet.ClaimAsync(open, wait: Patience);
        await WaitingAsync(2);
        _fleet.Store.OnWrite = async () =>
        {
            // The next unit is the filing, the one after it the claim of the first in line.
            _fleet.Store.OnWrite = async () =>
            {
                _fleet.Store.OnWrite = null;
                await _fleet.CloseAccountAsync("a");
            };
            await Task.CompletedTask;
        };

        var task = await _fleet.FileAsync();

        Assert.Equal((task.Id, "b"), ((await second.WaitAsync(Patience / 2))!.Task.Id, (await second)!.Account));
        Assert.False(first.IsCompleted);
        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
    }

    [Fact]
    public async Task An_attempt_whose_claim_began_before_the_trial_is_the_trials_one_all_the_same()
    {
        var worker = await _fleet.RegisterAsync("worker", null, QueueFleet.Account("a"));
        await _fleet.FileAsync();
        await _fleet.FileAsync();
        await _fleet.TellLimitAsync(worker, "a");
        _time.Advance(TimeSpan.FromMinutes(2));
        await _fleet.OpenDueAccountsAsync();
        _time.Advance(TimeSpan.FromSeconds(-10));

        var probe = (await _fleet.ClaimAsync(worker))!;

        Assert.Null(await _fleet.ClaimAsync(worker));
        await _fleet.AskAsync(probe);
        Assert.False((await _fleet.AccountAsync("a")).Probing);
    }
}
