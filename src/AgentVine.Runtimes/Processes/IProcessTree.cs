namespace AgentVine.Runtimes.Processes;

/// <summary>A started process and what it started.</summary>
internal interface IProcessTree
{
    /// <summary>Asks what is there now to end.</summary>
    /// <returns>False where there is no way to ask.</returns>
    bool Terminate();

    /// <summary>Kills what is there now.</summary>
    /// <returns>True when nothing was left to kill.</returns>
    bool Kill();
}
