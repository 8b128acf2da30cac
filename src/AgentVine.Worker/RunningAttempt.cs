using System.Threading.Channels;
using AgentVine.Contracts.Workers;

namespace AgentVine.Worker;

/// <summary>What the worker knows of an attempt while it runs, and what reaches it: commands, its cancellation, the worker's stop.</summary>
internal sealed class RunningAttempt(Lease lease, Action changed, CancellationToken workerStops) : IDisposable
{
    private readonly CancellationTokenSource _cancelled = new();
    private readonly Channel<WorkerCommand> _commands = Channel.CreateUnbounded<WorkerCommand>(new UnboundedChannelOptions { SingleReader = true });

    public Lease Lease { get; } = lease;

    /// <summary>The task was cancelled.</summary>
    public CancellationToken Cancelled => _cancelled.Token;

    /// <summary>The worker ends now.</summary>
    public CancellationToken WorkerStops { get; } = workerStops;

    /// <summary>Answers, messages and interrupts, in the order of the server's channel.</summary>
    public ChannelReader<WorkerCommand> Commands => _commands.Reader;

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

    public void Take(WorkerCommand command)
    {
        if (command.Type == WorkerCommandType.Cancel)
        {
            _cancelled.Cancel();
        }
        else
        {
            _commands.Writer.TryWrite(command);
        }
    }

    public void Dispose()
    {
        _commands.Writer.TryComplete();
        _cancelled.Dispose();
    }
}
