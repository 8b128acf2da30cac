using AgentVine.Cli.Ids;
using AgentVine.Cli.Output;
using AgentVine.Client;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Cli.Commands.Tasks;

/// <summary>Shows all output of a task's attempts, and goes on with what comes until the task is over. A server that restarts is waited for.</summary>
internal sealed class TaskFollower(CommandRun run, Guid taskId, bool full = false)
{
    private const int PageSize = 1000;

    // A task that changes without output is noticed this soon.
    private const int WaitSeconds = 2;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly Dictionary<Guid, long> _positions = [];
    private readonly HashSet<Guid> _requests = [];
    private readonly LogWriter _log = new(run.Painter, run.Context.Time, full);
    private readonly TimeProvider _time = run.Context.Time;
    private AgentTaskStatus? _status;
    private bool _began;
    private bool _lost;

    /// <summary>Shows what there is.</summary>
    public async Task<ExitCode> ShowAsync(CancellationToken cancellationToken)
    {
        var entries = new List<LogEntry>();
        foreach (var execution in await run.Client.ListTaskExecutionsAsync(taskId, cancellationToken))
        {
            await DrainAsync(execution, entries.Add, cancellationToken);
        }

        if (run.Json)
        {
            run.WriteData(entries);
        }
        else if (_positions.Count == 0)
        {
            run.Note($"no output yet; follow it with: vine task logs -f {ShortId.Of(taskId)}");
        }

        return ExitCode.Ok;
    }

    /// <summary>Shows what there is and what comes, until the task is completed, failed or cancelled.</summary>
    public async Task<ExitCode> FollowAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var (task, running) = await TurnAsync(cancellationToken);
                Regained();
                if (task.Status is AgentTaskStatus.Completed or AgentTaskStatus.Failed or AgentTaskStatus.Cancelled)
                {
                    run.Painter.Line(TaskCard.NextStep(task), Look.Dim);
                    return task.Status == AgentTaskStatus.Completed ? ExitCode.Ok : ExitCode.Failed;
                }

                await WaitAsync(running, cancellationToken);
            }
            catch (Exception exception) when (_began && exception is VineUnreachableException or VineApiException { Status: 502 or 503 or 504 })
            {
                Lost();
                await Task.Delay(Pause, _time, cancellationToken);
            }
        }
    }

    private async Task<(TaskView Task, ExecutionView? Running)> TurnAsync(CancellationToken cancellationToken)
    {
        // The task before its output: when it is over, all output of its attempts is there to be read.
        var task = await run.Client.GetTaskAsync(taskId, cancellationToken);
        _began = true;
        var executions = await run.Client.ListTaskExecutionsAsync(taskId, cancellationToken);
        foreach (var execution in executions)
        {
            await DrainAsync(execution, run.WriteDataLine, cancellationToken);
        }

        if (task.Status != _status)
        {
            _status = task.Status;
            var reason = task.Error is { } error && task.Status == AgentTaskStatus.Failed ? error.Message : task.StatusReason;
            var words = Words.Of(task.Status) + (string.IsNullOrEmpty(reason) ? "" : ": " + reason);
            _log.Say(task.UpdatedAt, "●", words, Look.Of(task.Status));
        }

        if (task.Status is AgentTaskStatus.Waiting or AgentTaskStatus.InReview)
        {
            await TellRequestsAsync(cancellationToken);
        }

        await run.Context.Console.Out.FlushAsync(cancellationToken);
        return (task, executions.LastOrDefault(execution => execution.Status == ExecutionStatus.Running));
    }

    private async Task TellRequestsAsync(CancellationToken cancellationToken)
    {
        var open = await run.Client.ListRequestsAsync(RequestStatus.Open, taskId, null, cancellationToken);
        foreach (var request in open.Items.Where(request => _requests.Add(request.Id)).OrderBy(request => request.AskedAt))
        {
            _log.Say(request.AskedAt, "?", request.Kind == RequestKind.Review ? request.Title : $"{Words.Of(request.Kind)}: {request.Title}", Look.Attention);
            run.Painter.Line($"           answer with: vine inbox, or: vine inbox answer {ShortId.Of(request.Id)} …", Look.Dim);
        }
    }

    private async Task WaitAsync(ExecutionView? running, CancellationToken cancellationToken)
    {
        if (running is null)
        {
            await Task.Delay(Pause, _time, cancellationToken);
            return;
        }

        var began = _time.GetTimestamp();
        IReadOnlyList<OutputLine> lines;
        do
        {
            lines = await run.Client.ReadOutputAsync(running.Id, _positions.GetValueOrDefault(running.Id), PageSize, WaitSeconds, cancellationToken);
            Write(running, lines, run.WriteDataLine);
            await run.Context.Console.Out.FlushAsync(cancellationToken);
        }
        while (lines.Count > 0 && _time.GetElapsedTime(began) < Pause);
    }

    private async Task DrainAsync(ExecutionView execution, Action<LogEntry> data, CancellationToken cancellationToken)
    {
        IReadOnlyList<OutputLine> lines;
        do
        {
            var position = _positions.GetValueOrDefault(execution.Id);
            if (position >= execution.OutputCount)
            {
                return;
            }

            lines = await run.Client.ReadOutputAsync(execution.Id, position, PageSize, wait: 0, cancellationToken);
            Write(execution, lines, data);
        }
        while (lines.Count > 0);
    }

    private void Write(ExecutionView execution, IReadOnlyList<OutputLine> lines, Action<LogEntry> data)
    {
        foreach (var line in lines)
        {
            if (run.Json)
            {
                data(LogEntry.Of(execution, line));
            }
            else
            {
                if (!_positions.ContainsKey(execution.Id))
                {
                    _log.Heading(execution);
                }

                _log.Write(line);
            }

            _positions[execution.Id] = line.N;
        }
    }

    private void Lost()
    {
        if (!_lost)
        {
            _lost = true;
            run.Note("vine: the server is gone; waiting for it to come back");
        }
    }

    private void Regained()
    {
        if (_lost)
        {
            _lost = false;
            run.Note("vine: the server is back");
        }
    }
}
