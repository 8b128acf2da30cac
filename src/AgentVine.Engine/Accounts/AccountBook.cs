using AgentVine.Contracts;
using AgentVine.Contracts.Accounts;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Http;

namespace AgentVine.Engine.Accounts;

/// <summary>
/// Closing accounts and opening them again. The row is the truth: a limited account takes work only once it was opened, by
/// <see cref="AccountOpener"/> at its time, by a person, or by a worker with another key.
/// </summary>
internal sealed class AccountBook(IEnumerable<IAccountObserver> observers)
{
    private const int LongestReason = 300;
    private static readonly TimeSpan ShortestLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(30);

    public static async Task<AccountRow> GetAsync(IReadSession session, string name) =>
        await session.FirstOrDefaultAsync<AccountRow>(AccountsSql.Find, new { Name = name })
        ?? throw new ProblemException(404, ErrorCodes.AccountsNotFound, $"There is no account {Faults.Printable(name)}. GET /api/v1/accounts lists them.");

    /// <summary>The accounts that take no work.</summary>
    public static async Task<IReadOnlyList<AccountStatus>> NotOpenAsync(IReadSession session) =>
        [.. (await session.QueryAsync<AccountRow>(AccountsSql.All)).Where(account => account.State != AccountState.Open).Select(account => account.ToStatus())];

    /// <summary>The row, under lock until the unit ends.</summary>
    public static async Task<AccountRow> LockAsync(IUnitOfWork unit, string name)
    {
        await unit.ExecuteAsync(AccountsSql.Lock, new { Name = name });
        return await GetAsync(unit, name);
    }

    /// <summary>Takes the provider's word of an account, as an attempt met it. Told twice, it is one limit.</summary>
    /// <param name="unit">The unit, which may hold the locks of order, task and repository.</param>
    /// <param name="name">The account.</param>
    /// <param name="workerId">The worker whose key it was.</param>
    /// <param name="cause">One of those of <see cref="AccountGate.IsOfAccount"/>.</param>
    /// <param name="message">The provider's words.</param>
    /// <param name="retryAt">When a limit ends, where that was told.</param>
    /// <param name="startedAt">When the attempt began; null where none is named. One that began after a limit was over has met another one.</param>
    public static async Task TakeWordAsync(
        IUnitOfWork unit, string name, Guid workerId, FailureCause cause, string message, DateTimeOffset? retryAt, long? startedAt)
    {
        var account = await LockAsync(unit, name);
        if (account.State == AccountState.Closed)
        {
            return;
        }

        if (cause != FailureCause.RateLimited)
        {
            var key = (await unit.QueryAsync<AccountChoice>(AccountsSql.ChoicesOfWorker, new { WorkerId = workerId })).FirstOrDefault(choice => choice.Account == name);
            await CloseAsync(unit, account, new Closing(AccountState.Closed, cause, message) { Fingerprint = key?.Fingerprint });
        }
        else if (retryAt?.Micros() is { } told && (told > unit.Now || (told <= account.LastLimitUntil && !(startedAt >= account.LastLimitUntil))))
        {
            var until = Math.Max(told, unit.Now + ShortestLimit.Micros());
            if (told > unit.Now && (account.State == AccountState.Open || account.ClosedUntil < told))
            {
                await CloseAsync(unit, account, new Closing(AccountState.Limited, cause, message) { Until = until });
            }
        }
        else if (account.State == AccountState.Open)
        {
            var backoff = TimeSpan.FromTicks(Math.Min(LongestBackoff.Ticks, FirstBackoff.Ticks << Math.Min(account.Hits, 10)));
            await CloseAsync(
                unit, account, new Closing(AccountState.Limited, cause, message) { Until = unit.Now + backoff.Micros(), IsBackoff = true });
        }
    }

    /// <summary>A person closes an account, until a moment or until somebody opens it.</summary>
    public static async Task CloseAsync(IUnitOfWork unit, string name, DateTimeOffset? until, string? reason, string actor)
    {
        var account = await LockAsync(unit, name);
        if (until is not null && account is { State: AccountState.Closed, Cause: { } cause })
        {
            throw new ProblemException(
                409,
                ErrorCodes.AccountsKeyRefused,
                $"Account {name} is closed, {cause.Replace('_', ' ')}, and would be opened at {until:yyyy-MM-dd HH:mm:ss}Z with the key that was refused. "
                + "Leave it closed, or close it without an end; once its key or credit is mended, open it.");
        }

        var state = until is null ? AccountState.Closed : AccountState.Limited;
        await CloseAsync(unit, account, new Closing(state, null, reason ?? $"closed by {actor}") { Until = until?.Micros(), Actor = actor });
    }

    /// <summary>A person opens an account: whatever closed it is forgotten.</summary>
    public async Task OpenAsync(IUnitOfWork unit, string name, string actor)
    {
        var account = await LockAsync(unit, name);
        if (account.State != AccountState.Open || account.ProbingSince is not null)
        {
            await OpenAsync(unit, name, hits: 0, probing: false, $"opened by {actor}", actor);
        }
    }

    /// <summary>Opens a limited account whose time has come; after a limit that nobody told the end of, for one attempt at a time.</summary>
    public async Task OpenDueAsync(IUnitOfWork unit, string name)
    {
        var account = await LockAsync(unit, name);
        if (account.State == AccountState.Limited && account.ClosedUntil <= unit.Now)
        {
            await OpenAsync(unit, name, account.Hits, account.IsBackoff, "its limit is over");
        }
    }

    /// <summary>An attempt on the account got on: it is open for all, and its next limit counts as the first.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="name">The account, if there is one.</param>
    /// <param name="startedAt">When the attempt began; one of before a trial proves nothing by what it did.</param>
    public async Task ProveAsync(IUnitOfWork unit, string? name, long startedAt)
    {
        if (name is not null && await unit.ExecuteAsync(AccountsSql.Prove, new { Name = name, StartedAt = startedAt }) == 1)
        {
            unit.OnCommitted(Tell);
        }
    }

    /// <summary>An attempt on the account ended: where it was on trial, the next may try.</summary>
    public async Task LetGoAsync(IUnitOfWork unit, string? name)
    {
        if (name is not null && await unit.FirstOrDefaultAsync<AccountRow>(AccountsSql.Find, new { Name = name }) is { ProbingSince: not null })
        {
            unit.OnCommitted(Tell);
        }
    }

    /// <summary>Opens an account that another key came for.</summary>
    public Task OpenForKeyAsync(IUnitOfWork unit, string name, string worker) =>
        OpenAsync(unit, name, hits: 0, probing: false, $"worker {worker} registered with another key");

    private async Task OpenAsync(IUnitOfWork unit, string name, int hits, bool probing, string why, string? actor = null)
    {
        await unit.ExecuteAsync(AccountsSql.Open, new { Name = name, Hits = hits, ProbingSince = probing ? unit.Now : (long?)null });
        unit.Append(new EventDraft(EventTypes.AccountOpened, Data: new { name, why, probing, actor }));
        unit.OnCommitted(Tell);
    }

    private static async Task CloseAsync(IUnitOfWork unit, AccountRow account, Closing closing)
    {
        var reason = OneLine(closing.Message);
        await unit.ExecuteAsync(AccountsSql.Close, new
        {
            account.Name,
            Status = closing.State,
            closing.Cause,
            Reason = reason,
            unit.Now,
            closing.Until,
            closing.IsBackoff,
            LimitUntil = closing.Cause is null ? null : closing.Until,
            Hits = account.Hits + (closing.IsBackoff ? 1 : 0),
            RefusedFingerprint = closing.Fingerprint,
        });
        unit.Append(new EventDraft(
            closing.State == AccountState.Limited ? EventTypes.AccountLimited : EventTypes.AccountClosed,
            Data: new { name = account.Name, cause = closing.Cause, reason, until = closing.Until.Time(), actor = closing.Actor }));
    }

    private void Tell()
    {
        foreach (var observer in observers)
        {
            observer.OnOpened();
        }
    }

    // Shown on one line wherever work waits for the account.
    private static string? OneLine(string? text)
    {
        var line = string.Join(' ', (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        line = string.Concat(line.Where(character => !char.IsControl(character)));
        return line.Length switch
        {
            0 => null,
            <= LongestReason => line,
            _ => line[..(char.IsHighSurrogate(line[LongestReason - 1]) ? LongestReason - 1 : LongestReason)] + "…",
        };
    }

    private sealed record Closing(AccountState State, FailureCause? Cause, string? Message)
    {
        public long? Until { get; init; }

        public bool IsBackoff { get; init; }

        public string? Fingerprint { get; init; }

        public string? Actor { get; init; }
    }
}
