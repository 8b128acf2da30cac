namespace AgentVine.Git.Repositories;

/// <summary>What became of a bundle. Nothing changed unless it was <see cref="Stored"/>.</summary>
public abstract record StoreOutcome
{
    private StoreOutcome()
    {
    }

    /// <summary>Its commits and refs are there, and stay after a crash of the machine. Storing the same again has the same outcome.</summary>
    /// <param name="Commit">What the refs name now.</param>
    public sealed record Stored(string Commit) : StoreOutcome;

    /// <summary>It builds on commits that are not here. Send these first: <c>Mirror.CreateBaseBundleAsync</c>, then the same bundle again.</summary>
    /// <param name="Missing">The commits.</param>
    /// <param name="Have">Commits of the task's repository that are here, newest first, to be left out of what is sent.</param>
    public sealed record MissingPrerequisites(IReadOnlyList<string> Missing, IReadOnlyList<string> Have) : StoreOutcome;

    /// <summary>It is not acceptable, and sending it again does not help.</summary>
    /// <param name="Reason">A sentence for people.</param>
    public sealed record Refused(string Reason) : StoreOutcome;

    /// <summary>A ref would have gone back or aside.</summary>
    /// <param name="Reference">The ref.</param>
    /// <param name="Current">The commit that it names.</param>
    public sealed record NotFastForward(string Reference, string Current) : StoreOutcome;
}
