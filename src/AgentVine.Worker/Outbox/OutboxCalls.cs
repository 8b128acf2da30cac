using System.Text.Json;
using AgentVine.Client;
using AgentVine.Contracts;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Sessions;

namespace AgentVine.Worker.Outbox;

/// <summary>Which call carries an entry. All of them can be repeated without a second effect.</summary>
internal static class OutboxCalls
{
    public static OutboxKind End(object request) => request switch
    {
        CompleteRequest => OutboxKind.Complete,
        FailRequest => OutboxKind.Fail,
        ParkRequest => OutboxKind.Park,
        _ => throw new ArgumentException($"{request.GetType().Name} ends no attempt.", nameof(request)),
    };

    /// <summary>Sends <paramref name="entry"/>. One that is <paramref name="resent"/> by a later run of the worker claims nothing: the claimer is gone.</summary>
    public static async Task<object?> SendAsync(VineClient client, OutboxEntry entry, bool resent, CancellationToken cancellationToken)
    {
        switch (entry.Kind)
        {
            case OutboxKind.Output:
                return await client.AppendOutputAsync(entry.ExecutionId, Read<AppendOutputRequest>(entry), cancellationToken);
            case OutboxKind.Session:
                return await client.OpenSessionAsync(Read<OpenSessionRequest>(entry), null, cancellationToken);
            case OutboxKind.Request:
                return await client.OpenRequestAsync(Read<OpenRequestRequest>(entry), null, cancellationToken);
            case OutboxKind.Withdrawal:
                await client.WithdrawRequestAsync(Read<OutboxSubject>(entry).Id, cancellationToken);
                return null;
            case OutboxKind.AnswerDelivered:
                await client.MarkAnswerDeliveredAsync(Read<OutboxSubject>(entry).Id, cancellationToken);
                return null;
            case OutboxKind.MessageDelivered:
                await client.MarkMessageDeliveredAsync(Read<OutboxSubject>(entry).Id, cancellationToken);
                return null;
            case OutboxKind.Stall:
                await client.ReportStallAsync(entry.ExecutionId, Read<StallRequest>(entry), cancellationToken);
                return null;
            case OutboxKind.Usage:
                await client.StoreUsageAsync(entry.ExecutionId, Read<UsageRequest>(entry), cancellationToken);
                return null;
            case OutboxKind.Complete:
                var complete = Read<CompleteRequest>(entry);
                return await client.CompleteAsync(resent ? complete with { ClaimNext = null } : complete, cancellationToken);
            case OutboxKind.Fail:
                var fail = Read<FailRequest>(entry);
                return await client.FailAsync(resent ? fail with { ClaimNext = null } : fail, cancellationToken);
            case OutboxKind.Park:
                var park = Read<ParkRequest>(entry);
                return await client.ParkAsync(resent ? park with { ClaimNext = null } : park, cancellationToken);
            default:
                throw new JsonException($"The outbox holds an entry of the unknown kind '{entry.Kind}'.");
        }
    }

    private static T Read<T>(OutboxEntry entry) =>
        JsonSerializer.Deserialize<T>(entry.Body, VineJson.Options) ?? throw new JsonException($"The outbox holds an empty entry of the kind '{entry.Kind}'.");
}
