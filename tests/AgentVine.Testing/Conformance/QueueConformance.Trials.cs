using AgentVine.Contracts;
using AgentVine.Contracts.Accounts;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Kernel;
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

    [Fact]
    public async Task A_worker_that_registered_before_there_were_accounts_is_not_held_back_by_those_of_others()
    {
        await _fleet.RegisterAsync("old");
        var gone = await _fleet.RegisterAsync("gone");
        await _fleet.DeregisterAsync(gone);
        await WriteAsync("delete from worker_accounts");
        var script = MigrationScript.For(database.Store.Dialect).Single(each => each.Number == 15).Sql;
        var from = script.IndexOf("insert into worker_accounts", StringComparison.Ordinal);

        await WriteAsync(script[from..(script.IndexOf(';', from) + 1)]);

        await _fleet.RegisterAsync("new", null, QueueFleet.Account("a"));
        await _fleet.CloseAccountAsync("a");
        Assert.Null((await _fleet.FileAsync()).StatusReason);
        Assert.Equal(2, await OneAsync<int>("select count(*) from worker_accounts where organization_id = @OrganizationId"));
    }

    [Fact]
    public async Task A_task_that_is_held_for_places_of_work_that_waits_for_an_account_says_which()
    {
        await _fleet.RegisterAsync("worker", null, QueueFleet.Account("a"));
        var first = await _fleet.FileAsync();
        await _fleet.LimitAsync(first.RepositoryId, 1);
        var held = await _fleet.FileAsync(new CreateTaskRequest { Title = "other", RepositoryUrl = QueueFleet.Repository, Runtime = RuntimeNames.ClaudeCode });
        var free = await _fleet.FileAsync(new CreateTaskRequest { Title = "free", RepositoryUrl = "https://example.com/other", Runtime = RuntimeNames.ClaudeCode });
        Assert.Null((await _fleet.TaskAsync(held.Id)).StatusReason);

        await _fleet.CloseAccountAsync("a");

        Assert.Equal(
            "waits for a place in its repository, where tasks before it wait: account a: closed, closed by person",
            (await _fleet.TaskAsync(held.Id)).StatusReason);
        Assert.Null((await _fleet.TaskAsync(free.Id)).StatusReason);
    }
}
