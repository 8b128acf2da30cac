namespace AgentVine.ScriptedModel;

/// <summary>What the simulated model does with one call: a <see cref="ModelMessage"/> or a fault. Made by <see cref="Reply"/> and <see cref="Fault"/>.</summary>
public abstract record ModelReply
{
    private protected ModelReply()
    {
    }
}
