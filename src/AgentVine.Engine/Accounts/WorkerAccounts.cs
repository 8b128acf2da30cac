using AgentVine.Contracts.Workers;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Accounts;

/// <summary>Which accounts each registered worker has, in its order of preference.</summary>
internal sealed class WorkerAccounts(AccountBook book)
{
    /// <summary>Notes which accounts a registered worker has. One that was closed for its key is opened by another key.</summary>
    public async Task RegisterAsync(IUnitOfWork unit, Guid workerId, RegisterWorkerRequest request)
    {
        var accounts = (request.Accounts ?? []).DistinctBy(account => (account.Name, account.Runtime)).ToList();
        foreach (var account in accounts.OrderBy(account => account.Name, StringComparer.Ordinal))
        {
            await unit.ExecuteAsync(AccountsSql.Insert, new { account.Name, account.Kind, unit.Now });
            await unit.ExecuteAsync(AccountsSql.SetKind, new { account.Name, account.Kind });
            if (account.Fingerprint is not null
                && await unit.FirstOrDefaultAsync<string>(AccountsSql.RefusedFor, new { account.Name }) is { } refused
                && refused != account.Fingerprint)
            {
                await book.OpenForKeyAsync(unit, account.Name!, request.Name!);
            }
        }

        foreach (var runtime in request.Runtimes!.Distinct())
        {
            var choices = accounts.Where(account => account.Runtime == runtime).ToList();
            for (var position = 0; position < Math.Max(1, choices.Count); position++)
            {
                var choice = choices.ElementAtOrDefault(position);
                await unit.ExecuteAsync(AccountsSql.InsertChoice, new
                {
                    WorkerId = workerId,
                    WorkerName = request.Name,
                    Runtime = runtime,
                    Position = position,
                    Account = choice?.Name,
                    choice?.Fingerprint,
                });
            }
        }
    }

    /// <summary>Forgets the accounts of a worker that is gone.</summary>
    public static Task RemoveAsync(IUnitOfWork unit, Guid workerId) => unit.ExecuteAsync(AccountsSql.RemoveChoices, new { WorkerId = workerId });

    /// <summary>Whether a worker can be counted on to take work.</summary>
    public static Task SetAwakeAsync(IUnitOfWork unit, Guid workerId, bool isAwake) =>
        unit.ExecuteAsync(AccountsSql.SetAwake, new { WorkerId = workerId, IsAwake = isAwake ? 1 : 0 });
}
