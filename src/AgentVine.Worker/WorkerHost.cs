using System.Threading.Channels;
using AgentVine.Client;
using AgentVine.Contracts;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Workers;
using AgentVine.Worker.Outbox;
using Microsoft.Extensions.Logging;

namespace AgentVine.Worker;

/// <summary>
/// One worker: registers, beats, listens for commands, and runs as many attempts at a time as it has slots. All over HTTP, whether the
/// server is in the same process or far away.
/// </summary>
internal sealed partial class WorkerHost(
        ServerLink server,
    WorkerOutbox outbox,
    Salvage salvage,
    AttemptRunner runner,
    Deletions deletions,
    RegisterWorkerRequest registration,
    TimeProvider time,
    ILogger<WorkerHost> logger)
{
    private static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(30);
    private readonly RunningAttempts _running = new();
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile bool _draining;
    private volatile bool _superseded;

    /// <summary>
    /// Works until <paramref name="drain"/>: then takes nothing new, finishes what runs and deregisters. <paramref name="stop"/> cuts
    /// what runs short: it is handed back as interrupted, and queued again.
    /// </summary>
    public async Task RunAsync(CancellationToken drain, CancellationToken stop)
    {
        using var taking = CancellationTokenSource.CreateLinkedTokenSource(drain, stop);
        while (!taking.IsCancellationRequested)
        {
            RegisterWorkerResponse registered;
            try
            {
                // What was not told comes first: registering ends what this name still had as lost. And words before files: a checkpoint
                // is of a session that the server has heard of.
                await outbox.DrainAsync(taking.Token);
                await salvage.RunAsync(taking.Token);
                registered = await server.CallAsync((client, token) => client.RegisterWorkerAsync(registration, null, token), taking.Token);
            }
            catch (OperationCanceledException) when (taking.IsCancellationRequested)
            {
                return;
            }

            LogRegistered(registration.Name!, registered.Id, registration.Slots!.Value, string.Join(", ", registration.Runtimes!), registration.Sandbox!);
            if (!await ServeAsync(registered, taking.Token, stop))
            {
                return;
            }
        }
    }

    // Until drained, or until the server no longer knows this registration; true when it is to register anew.
    private async Task<bool> ServeAsync(RegisterWorkerResponse registered, CancellationToken taking, CancellationToken stop)
    {
        using var dismissed = new CancellationTokenSource();
        using var drained = CancellationTokenSource.CreateLinkedTokenSource(taking, dismissed.Token);
        using var working = CancellationTokenSource.CreateLinkedTokenSource(stop, dismissed.Token);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(dismissed.Token);
        _draining = false;
        await using var drainSeen = drained.Token.Register(() =>
        {
            _draining = true;
            Changed();
        });
        var beating = BeatAsync(registered, dismissed, ended.Token);
        var listening = ListenAsync(registered.Id, dismissed, drained, working, ended.Token);
        var salvaging = salvage.RunLateAsync(ended.Token);
        await Task.WhenAll(Enumerable.Range(0, registration.Slots!.Value).Select(_ => WorkAsync(registered, drained.Token, working.Token)));
        await deletions.WhenDoneAsync();
        await ended.CancelAsync();
        await Task.WhenAll(beating, listening, salvaging);
        if (dismissed.IsCancellationRequested)
        {
            // Two workers of one name that took each other's place in turn would finish nothing.
            return !_superseded;
        }

        if (outbox.IsTold)
        {
            await DeregisterAsync(registered.Id);
        }
        else
        {
            // Deregistering hands back what has ended here and was not heard: the next run tells it, under leases that stand.
            LogUntold(registration.Name!);
        }

        return false;
    }

    private async Task WorkAsync(RegisterWorkerResponse registered, CancellationToken taking, CancellationToken working)
    {
        ClaimedOrder? order = null;
        while (order is not null || !taking.IsCancellationRequested)
        {
            try
            {
                order = order is null
                    ? await ClaimAsync(registered.Id, taking)
                    : await RunAsync(order, registered.Settings, taking, working);
            }
            catch (Exception exception)
            {
                // A slot that ended here would be missed by nobody: the order's lease lapses, and the slot goes on.
                LogBug(exception, registration.Name!);
                order = null;
                await PauseAsync(TimeSpan.FromSeconds(1), taking);
            }
        }
    }

    private async Task<ClaimedOrder?> ClaimAsync(Guid workerId, CancellationToken taking)
    {
        var sentAt = time.GetTimestamp();
        var claim = new ClaimRequest { WorkerId = workerId, ClaimId = Guid.CreateVersion7(), Wait = (int)LongPoll.TotalSeconds };
        try
        {
            // A claim that is repeated renews the lease that it has.
            var order = await server.CallAsync(
                (client, token) =>
                {
                    sentAt = time.GetTimestamp();
                    return client.ClaimAsync(claim, token);
                },
                taking);
            return order is null ? null : new ClaimedOrder(order, sentAt);
        }
        catch (OperationCanceledException) when (taking.IsCancellationRequested)
        {
            // Should the server have leased an order in that moment, deregistering gives it back at once.
            return null;
        }
        catch (VineApiException refusal)
        {
            LogClaimRefused(registration.Name!, refusal.Problem.Code, refusal.Problem.Detail);
            await PauseAsync(TimeSpan.FromSeconds(1), taking);
            return null;
        }
    }

    private async Task<ClaimedOrder?> RunAsync(ClaimedOrder claimed, WorkerSettings settings, CancellationToken taking, CancellationToken working)
    {
        using var lease = new Lease(claimed.Order, claimed.SentAt, time);
        using var attempt = new RunningAttempt(lease, settings, Changed, working);
        _running.Add(attempt);
        Changed();
        try
        {
            return await runner.RunAsync(attempt, taking);
        }
        finally
        {
            _running.Remove(attempt);
            Changed();
        }
    }

    private async Task BeatAsync(RegisterWorkerResponse registered, CancellationTokenSource dismissed, CancellationToken ended)
    {
        var interval = TimeSpan.FromSeconds(registered.Settings.HeartbeatSeconds);
        while (!ended.IsCancellationRequested)
        {
            try
            {
                var sentAt = time.GetTimestamp();
                var beat = new HeartbeatRequest { Status = Status(), Leases = [.. _running.All.Select(attempt => attempt.Lease.Beat())] };
                var answer = await server.Client.HeartbeatAsync(registered.Id, beat, ended);
                Heed(answer, sentAt);
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                return;
            }
            catch (VineApiException refusal) when (IsUnknown(refusal))
            {
                await DismissAsync(dismissed, refusal);
                return;
            }
            catch (Exception exception)
            {
                // Whatever it was: a worker that no longer beats loses all that it runs.
                LogMissedBeat(exception.Message);
                interval = TimeSpan.FromSeconds(Math.Min(registered.Settings.HeartbeatSeconds, 5));
            }

            await WaitForChangeAsync(interval, ended);
            interval = TimeSpan.FromSeconds(registered.Settings.HeartbeatSeconds);
        }
    }

    private void Heed(HeartbeatResponse answer, long sentAt)
    {
        foreach (var attempt in _running.All)
        {
            var order = attempt.Lease.Order;
            if (answer.Renewed.Contains(order.Id))
            {
                attempt.Lease.Renew(sentAt);
                attempt.Beat();
            }
            else if (answer.Lost.Contains(order.Id))
            {
                LogLeaseLost(order.Task.Id, order.ExecutionId);
                attempt.Lease.Lose();
            }
        }
    }

    private async Task ListenAsync(
        Guid workerId, CancellationTokenSource dismissed, CancellationTokenSource drained, CancellationTokenSource working, CancellationToken ended)
    {
        var after = 0L;
        while (!ended.IsCancellationRequested)
        {
            try
            {
                var seen = after;
                var commands = await server.CallAsync((client, token) => client.ReadCommandsAsync(workerId, seen, (int)LongPoll.TotalSeconds, token), ended);
                foreach (var command in commands)
                {
                    await TakeAsync(command, drained, working);
                    after = command.N;
                }
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                return;
            }
            catch (VineApiException refusal) when (IsUnknown(refusal))
            {
                await DismissAsync(dismissed, refusal);
                return;
            }
            catch (Exception exception)
            {
                LogMissedBeat(exception.Message);
                await PauseAsync(TimeSpan.FromSeconds(1), ended);
            }
        }
    }

    private async Task TakeAsync(WorkerCommand command, CancellationTokenSource drained, CancellationTokenSource working)
    {
        switch (command.Type)
        {
            case WorkerCommandType.Drain:
                await drained.CancelAsync();
                break;
            case WorkerCommandType.Stop when command.ExecutionId is null:
                await drained.CancelAsync();
                await working.CancelAsync();
                break;
            default:
                _running.Take(command);
                break;
        }
    }

    private static bool IsUnknown(VineApiException refusal) => refusal.Problem.Code is ErrorCodes.WorkersNotFound or ErrorCodes.WorkersSuperseded;

    private async Task DismissAsync(CancellationTokenSource dismissed, VineApiException refusal)
    {
        if (refusal.Problem.Code == ErrorCodes.WorkersSuperseded)
        {
            _superseded = true;
            LogSuperseded(registration.Name!);
        }
        else
        {
            LogDismissed(registration.Name!);
        }

        await dismissed.CancelAsync();
    }

    private async Task DeregisterAsync(Guid workerId)
    {
        try
        {
            await server.Client.DeleteWorkerAsync(workerId, CancellationToken.None);
            LogDeregistered(registration.Name!);
        }
        catch (Exception exception) when (exception is VineApiException or VineUnreachableException)
        {
            LogMissedBeat(exception.Message);
        }
    }

    private WorkerStatus Status()
    {
        var running = _running.All;
        return _draining ? WorkerStatus.Draining
            : running.Count == 0 ? WorkerStatus.Idle
            : running.All(attempt => attempt.WaitsForPeople) ? WorkerStatus.Waiting
            : WorkerStatus.Busy;
    }

    private void Changed() => _changed.Writer.TryWrite(true);

    private async Task WaitForChangeAsync(TimeSpan longest, CancellationToken ended)
    {
        using var timeout = new CancellationTokenSource(longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ended);
        try
        {
            await _changed.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(pause, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }
}
