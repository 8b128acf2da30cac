using System.Globalization;

namespace AgentVine.Git.Names;

/// <summary>
/// Where work stands, in clones and in the server's repositories. Git keeps a ref as a file, so that <c>vine/T</c> and <c>vine/T/1</c>
/// cannot both be there; hence one branch a task for people, under <c>refs/heads</c>, and everything numbered under <c>refs/vine</c>.
/// </summary>
public static class WorkRefs
{
    /// <summary>The branch of a task: in its clones what the agent works on, on the server the newest attempt's result.</summary>
    public static string Branch(Guid taskId) => $"vine/{taskId:D}";

    /// <summary>The ref of a branch: <c>refs/heads/…</c>.</summary>
    public static string Head(string branch) => "refs/heads/" + branch;

    /// <summary>What one attempt handed back; attempts count from 1, and none takes another's place.</summary>
    public static string Attempt(Guid taskId, int attempt) => $"refs/vine/attempts/{taskId:D}/{Number(attempt)}";

    /// <summary>What one attempt had got to when it was last stored.</summary>
    public static string WorkInProgress(Guid taskId, int attempt) => $"{WorkInProgressPrefix}{taskId:D}/{Number(attempt)}";

    /// <summary>A commit of the task's repository that work builds on.</summary>
    public static string Base(string commit) => BasePrefix + CommitId.Require(commit, nameof(commit));

    /// <summary>In a clone, the snapshot that it was made from: keeps alive whatever that one kept.</summary>
    public const string Restored = "refs/vine/restored";

    internal const string BasePrefix = "refs/vine/bases/";

    internal const string WorkInProgressPrefix = "refs/vine/wip/";

    private static string Number(int attempt) => attempt.ToString(CultureInfo.InvariantCulture);
}
