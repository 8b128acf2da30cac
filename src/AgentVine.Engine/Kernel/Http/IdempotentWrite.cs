using System.Text.Json;
using AgentVine.Contracts;

namespace AgentVine.Engine.Kernel.Http;

/// <summary>
/// Runs the writes of POST routes that create something, so that a caller who heard no answer can send the same request again:
/// with the header <c>Idempotency-Key</c>, the reply is stored in the write's own unit and given back to every repetition for a day.
/// </summary>
internal sealed class IdempotentWrite(IStore store)
{
    private const string Reserve =
        """
        insert into idempotency_keys (organization_id, route, key, body_hash, status, location, response, created_at)
        values (@OrganizationId, @Route, @Key, @BodyHash, 0, null, '', @Now)
        on conflict (organization_id, route, key) do nothing
        """;

    private const string Find =
        """
        select body_hash, status, location, response from idempotency_keys
        where organization_id = @OrganizationId and route = @Route and key = @Key
        """;

    private const string Keep =
        """
        update idempotency_keys set status = @Status, location = @Location, response = @Response
        where organization_id = @OrganizationId and route = @Route and key = @Key
        """;

    /// <summary>Runs <paramref name="create"/> as one unit and replies 201, or gives again the reply to an earlier request of the same key.</summary>
    /// <param name="context">The request.</param>
    /// <param name="body">Its bound body, or null when it has none.</param>
    /// <param name="create">Calls on the unit alone; it may run more than once (see <see cref="IStore.WriteAsync"/>).</param>
    /// <param name="cancellationToken">Ends the wait; what is committed stays.</param>
    public async Task<CreatedReply<TView>> CreateAsync<TView>(
        HttpContext context, object? body, Func<IUnitOfWork, Task<NewResource<TView>>> create, CancellationToken cancellationToken)
    {
        var key = IdempotencyKey.Of(context, body);
        return await store.WriteAsync(
            Organizations.Default,
            async unit =>
            {
                // Reserved first: a concurrent twin waits here for the winner's commit, before it has done anything.
                if (key is not null
                    && await unit.ExecuteAsync(Reserve, new { key.Route, key.Key, key.BodyHash, unit.Now }) == 0)
                {
                    return new CreatedReply<TView>(await StoredAsync(unit, key), replayed: true);
                }

                var created = await create(unit);
                var reply = new StoredReply
                {
                    Status = StatusCodes.Status201Created,
                    Location = created.Location,
                    Response = JsonSerializer.Serialize(created.View, VineJson.Options),
                };
                if (key is not null)
                {
                    await unit.ExecuteAsync(Keep, new { key.Route, key.Key, reply.Status, reply.Location, reply.Response });
                }

                return new CreatedReply<TView>(reply, replayed: false);
            },
            cancellationToken);
    }

    private static async Task<StoredReply> StoredAsync(IUnitOfWork unit, IdempotencyKey key)
    {
        var stored = await unit.FirstOrDefaultAsync<StoredReply>(Find, new { key.Route, key.Key })
            ?? throw new InvalidOperationException("An idempotency key is taken and cannot be read.");
        return stored.BodyHash == key.BodyHash
            ? stored
            : throw new ProblemException(
                422, ErrorCodes.IdempotencyKeyReused,
                $"{IdempotencyKey.Header} '{key.Key}' belongs to an earlier {key.Route} with another body; use a new key.");
    }
}
