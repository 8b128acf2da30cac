namespace AgentVine.Contracts.Queue;

/// <summary>What the next attempt of a requeued task begins with.</summary>
public enum RequeueSession
{
    /// <summary>The newest checkpoint and its conversation, as far as there are any.</summary>
    Same,

    /// <summary>The target branch as it is then, and a new conversation.</summary>
    Fresh,
}
