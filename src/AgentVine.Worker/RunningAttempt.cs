using System.Threading.Channels;
using AgentVine.Contracts.Workers;

namespace AgentVine.Worker;

/// <summary>What the worker knows of an attempt while it runs, and what reaches it: commands, its end by others, the worker's stop and beat.</summary>
internal sealed class RunningAttempt(Lease lease, WorkerSettings settings, Action changed, CancellationToken workerStops) : IDisposable
{
    private readonly CancellationTokenSource _cancelled = new();
    private readonly CancellationTokenSource _stopped = new();
    private readonly Channel<WorkerCommand> _commands = Channel.CreateUnbounded<WorkerCommand>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Channel<bool> _beats = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public Lease Lease { get; } = lease;

    /// <summary>The fleet's rhythm.</summary>
    public WorkerSettings Settings { get; } = settings;

    /// <summary>The task was cancelled.</summary>
    public CancellationToken Cancelled => _cancelled.Token;

    /// <summary>Somebody ended this attempt; its task is queued again.</summary>
    public CancellationToken Stopped => _stopped.Token;

    /// <summary>The worker ends now.</summary>
    public CancellationToken WorkerStops { get; } = workerStops;

    /// <summary>Answers, messages, interrupts and the order to park, in the order of the server's channel.</summary>
    public ChannelReader<WorkerCommand> Commands => _commands.Reader;

    /// <summary>One for each beat of the worker that the server has heard; a slow reader misses some.</summary>
    public ChannelReader<bool> Beats => _beats.Reader;

    /// <summary>Whether its agent waits for a person now.</summary>
    public bool WaitsForPeople
    {
        get;
        set
        {
            if (field != value)
            {
                field = value;
                changed();
            }
        }
    }

    /// <summary>What waits for it goes on elsewhere, not on the caller's thread and under its locks.</summary>
    public void Take(WorkerCommand command)
    {
        switch (command.Type)
        {
            case WorkerCommandType.Cancel:
                _ = _cancelled.CancelAsync();
                break;
            case WorkerCommandType.Stop:
                _ = _stopped.CancelAsync();
                break;
            default:
                _commands.Writer.TryWrite(command);
                break;
        }
    }

    public void Beat() => _beats.Writer.TryWrite(true);

    public void Dispose()
    {
        _commands.Writer.TryComplete();
        _beats.Writer.TryComplete();
        _cancelled.Dispose();
        _stopped.Dispose();
    }
}
