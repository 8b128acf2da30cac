using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Accounts;

/// <summary>Opens limited accounts when their time has come, and those on trial once an attempt got on. What is due is in the table: a restart loses nothing.</summary>
internal sealed class AccountOpener(IStore store, AccountBook book, TimeProvider time, ILogger<AccountOpener> logger) : Loop(time, logger)
{
    private readonly TimeProvider _time = time;

    protected override TimeSpan Period => TimeSpan.FromSeconds(1);

    protected override async Task TurnAsync(CancellationToken cancellationToken)
    {
        var (due, proven) = await store.ReadAsync(
            Organizations.Default,
            async session => (
                await session.QueryAsync<string>(AccountsSql.Due, new { Now = _time.GetUtcNow().Micros() }),
                await session.QueryAsync<string>(AccountsSql.Proven)),
            cancellationToken);
        foreach (var name in due)
        {
            await WriteAsync(unit => book.OpenDueAsync(unit, name), cancellationToken);
        }

        foreach (var name in proven)
        {
            await WriteAsync(unit => book.ProveAsync(unit, name, unit.Now), cancellationToken);
        }
    }

    private Task WriteAsync(Func<IUnitOfWork, Task> work, CancellationToken cancellationToken) => store.WriteAsync(
        Organizations.Default,
        async unit =>
        {
            await work(unit);
            return true;
        },
        cancellationToken);
}
