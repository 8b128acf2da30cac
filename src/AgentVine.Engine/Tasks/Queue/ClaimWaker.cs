using AgentVine.Engine.Accounts;

namespace AgentVine.Engine.Tasks.Queue;

/// <summary>Claims that wait look again when an account opens: what they may take has changed, and nothing new came into the queue.</summary>
internal sealed class ClaimWaker(QueueSignal signal) : IAccountObserver
{
    public void OnOpened() => signal.WakeAll();
}
