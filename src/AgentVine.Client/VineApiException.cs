using AgentVine.Contracts;

namespace AgentVine.Client;

/// <summary>The server answered with a refusal or an error. The message is the problem's own words.</summary>
public sealed class VineApiException(Problem problem) : Exception(Describe(problem))
{
    /// <summary>As the server told it; built from the status line where the answer held no problem.</summary>
    public Problem Problem { get; } = problem;

    /// <summary>The HTTP status.</summary>
    public int Status => Problem.Status;

    /// <summary>One of <see cref="ErrorCodes"/>, or null where the answer held no problem.</summary>
    public string? Code => Problem.Code;

    private static string Describe(Problem problem)
    {
        var words = problem.Detail ?? problem.Title ?? $"The server answered {problem.Status}.";
        if (problem.Errors is not { Count: > 0 })
        {
            return words;
        }

        var unsaid = problem.Errors
            .SelectMany(field => field.Value.Select(rule => $"{field.Key}: {rule}"))
            .Where(fault => !words.Contains(fault, StringComparison.Ordinal));
        return string.Join("; ", unsaid.Prepend(words.TrimEnd('.', ' ')));
    }
}
