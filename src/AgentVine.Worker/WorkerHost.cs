using System.Collections.Concurrent;
using System.Threading.Channels;
using AgentVine.Client;
using AgentVine.Contracts;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Workers;
using Microsoft.Extensions.Logging;

namespace AgentVine.Worker;

/// <summary>
/// One worker: registers, beats, listens for commands, and runs as many attempts at a time as it has slots. All over HTTP, whether the
/// server is in the same process or far away.
/// </summary>
internal sealed partial class WorkerHost(
    ServerLink server, AttemptRunner runner, RegisterWorkerRequest registration, TimeProvider time, ILogger<WorkerHost> logger)
{
    private static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<Guid, RunningAttempt> _running = new();
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile bool _draining;

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
                registered = await server.CallAsync((client, token) => client.RegisterWorkerAsync(registration, null, token), taking.Token);
            }
            catch (OperationCanceledException) when (taking.IsCancellationRequested)
            {
                return;
            }

            LogRegistered(registration.Name!, registered.Id, registration.Slots!.Value, string.Join(", ", registration.Runtimes!), registration.Sandbox!);
            await ServeAsync(registered, taking.Token, stop);
        }
    }

    // Until drained, or until the server no longer knows this registration.
    private async Task ServeAsync(RegisterWorkerResponse registered, CancellationToken taking, CancellationToken stop)
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
        await Task.WhenAll(Enumerable.Range(0, registration.Slots!.Value).Select(_ => WorkAsync(registered.Id, drained.Token, working.Token)));
        await ended.CancelAsync();
        await Task.WhenAll(beating, listening);
        if (!dismissed.IsCancellationRequested)
        {
            await DeregisterAsync(registered.Id);
        }
    }

    private async Task WorkAsync(Guid workerId, CancellationToken taking, CancellationToken working)
    {
        WorkOrderView? order = null;
        while (order is not null || !taking.IsCancellationRequested)
        {
            order ??= await ClaimAsync(workerId, taking);
            if (order is not null)
            {
                order = await RunAsync(order, taking, working);
            }
        }
    }

    private async Task<WorkOrderView?> ClaimAsync(Guid workerId, CancellationToken taking)
    {
        var claim = new ClaimRequest { WorkerId = workerId, ClaimId = Guid.CreateVersion7(), Wait = (int)LongPoll.TotalSeconds };
        try
        {
            return await server.CallAsync((client, token) => client.ClaimAsync(claim, token), taking);
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

    private async Task<WorkOrderView?> RunAsync(WorkOrderView order, CancellationToken taking, CancellationToken working)
    {
        using var lease = new Lease(order, time);
        using var attempt = new RunningAttempt(lease, Changed, working);
        _running[order.ExecutionId] = attempt;
        Changed();
        try
        {
            var next = taking.IsCancellationRequested ? null : new ClaimNext { ClaimId = Guid.CreateVersion7() };
            return await runner.RunAsync(attempt, next);
        }
        finally
        {
            _running.TryRemove(order.ExecutionId, out _);
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
                var beat = new HeartbeatRequest { Status = Status(), Leases = [.. _running.Values.Select(attempt => attempt.Lease.Beat())] };
                var answer = await server.Client.HeartbeatAsync(registered.Id, beat, ended);
                foreach (var lost in _running.Values.Where(attempt => answer.Lost.Contains(attempt.Lease.Order.Id)))
                {
                    LogLeaseLost(lost.Lease.Order.Task.Id, lost.Lease.Order.ExecutionId);
                    lost.Lease.Lose();
                }
            }
            catch (VineApiException refusal) when (refusal.Problem.Code == ErrorCodes.WorkersNotFound)
            {
                await DismissAsync(dismissed);
                return;
            }
            catch (Exception exception) when (exception is VineApiException or VineUnreachableException)
            {
                LogMissedBeat(exception.Message);
                interval = TimeSpan.FromSeconds(Math.Min(registered.Settings.HeartbeatSeconds, 5));
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                return;
            }

            await WaitForChangeAsync(interval, ended);
            interval = TimeSpan.FromSeconds(registered.Settings.HeartbeatSeconds);
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
            catch (VineApiException refusal) when (refusal.Problem.Code == ErrorCodes.WorkersNotFound)
            {
                await DismissAsync(dismissed);
                return;
            }
            catch (VineApiException refusal)
            {
                LogMissedBeat(refusal.Message);
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
            case WorkerCommandType.Stop:
                await drained.CancelAsync();
                await working.CancelAsync();
                break;
            default:
                if (_running.TryGetValue(command.ExecutionId!.Value, out var attempt))
                {
                    attempt.Take(command);
                }

                break;
        }
    }

    private async Task DismissAsync(CancellationTokenSource dismissed)
    {
        LogDismissed(registration.Name!);
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
        var running = _running.Values.ToList();
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

    [LoggerMessage(Level = LogLevel.Information, Message = "Worker {Name} ({WorkerId}) is registered: {Slots} slots; runtimes {Runtimes}; sandbox {Sandbox}.")]
    private partial void LogRegistered(string name, Guid workerId, int slots, string runtimes, string sandbox);

    [LoggerMessage(Level = LogLevel.Information, Message = "Worker {Name} is deregistered.")]
    private partial void LogDeregistered(string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The server no longer knows worker {Name}; what runs is stopped, and it registers anew.")]
    private partial void LogDismissed(string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease of task {TaskId} (execution {ExecutionId}) is another's now; the attempt is stopped.")]
    private partial void LogLeaseLost(Guid taskId, Guid executionId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Worker {Name} was refused work: {Code}, {Detail}")]
    private partial void LogClaimRefused(string name, string? code, string? detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A call to the server failed: {Reason}")]
    private partial void LogMissedBeat(string reason);
}
