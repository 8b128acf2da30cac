using AgentVine.Engine.Kernel.Http;
using AgentVine.Git.Names;

namespace AgentVine.Engine.Repositories;

/// <summary>What a repository may be called.</summary>
internal static class RepositoryRules
{
    /// <summary>The stored form of <paramref name="url"/>.</summary>
    /// <exception cref="Kernel.ProblemException">400 <c>validation.failed</c> about <paramref name="field"/>.</exception>
    public static string Canonical(string url, string field)
    {
        var faults = new Faults();
        var canonical = Check(faults, url, field);
        faults.ThrowIfAny();
        return canonical!;
    }

    /// <summary>As <see cref="Canonical"/>, collecting the fault.</summary>
    public static string? Check(Faults faults, string url, string field)
    {
        if (!RepositoryUrl.TryParse(url, out var parsed, out var problem))
        {
            faults.Add(field, problem);
            return null;
        }

        if (parsed.HasPassword)
        {
            faults.Add(field, "carries a password; leave it out and let git on the worker's host know the credentials (a credential helper or an SSH key)");
            return null;
        }

        return parsed.Text;
    }
}
