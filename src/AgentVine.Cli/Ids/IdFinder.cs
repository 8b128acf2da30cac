using AgentVine.Contracts.Conversations;

namespace AgentVine.Cli.Ids;

/// <summary>Finds what an abbreviated id means.</summary>
internal static class IdFinder
{
    private const int ShownCandidates = 5;

    /// <summary>The id of the task that <paramref name="text"/> names: whole, or the beginning or end of one alone.</summary>
    public static async Task<Guid> TaskAsync(CommandRun run, string text, CancellationToken cancellationToken)
    {
        if (Guid.TryParse(text, out var id))
        {
            return id;
        }

        var digits = Digits(text, "vine task list");
        var found = new List<(Guid Id, string Label)>();
        await foreach (var task in run.Client.EnumerateTasksAsync(null, cancellationToken))
        {
            if (ShortId.Fits(task.Id, digits))
            {
                found.Add((task.Id, task.Title));
            }
        }

        return Only(found, text, "task", "vine task list");
    }

    /// <summary>The request that <paramref name="text"/> names; abbreviations are looked up among the open ones.</summary>
    public static async Task<RequestView> RequestAsync(CommandRun run, string text, CancellationToken cancellationToken)
    {
        if (Guid.TryParse(text, out var id))
        {
            return await run.Client.GetRequestAsync(id, wait: 0, cancellationToken);
        }

        var digits = Digits(text, "vine inbox");
        var open = await run.Client.ListRequestsAsync(RequestStatus.Open, null, null, cancellationToken);
        var found = open.Items.Where(request => ShortId.Fits(request.Id, digits)).ToList();
        var only = Only([.. found.Select(request => (request.Id, request.Title))], text, "open request", "vine inbox");
        return found.Single(request => request.Id == only);
    }

    private static string Digits(string text, string list) =>
        ShortId.Digits(text) ?? throw new CommandException(
            ExitCode.Usage, $"'{text}' is no id: give the whole one, or its last digits (four or more) as `{list}` shows them");

    private static Guid Only(IReadOnlyList<(Guid Id, string Label)> found, string text, string noun, string list) => found.Count switch
    {
        1 => found[0].Id,
        0 => throw new CommandException(ExitCode.NotFound, $"there is no {noun} whose id begins or ends with '{text}'; `{list}` lists them"),
        _ => throw new CommandException(ExitCode.Usage, $"'{text}' fits the ids of {found.Count} {noun}s; give more digits: {Candidates(found)}"),
    };

    private static string Candidates(IReadOnlyList<(Guid Id, string Label)> found)
    {
        var shown = found.Take(ShownCandidates).Select(candidate => $"{candidate.Id:D} ({candidate.Label})");
        return string.Join(", ", shown) + (found.Count > ShownCandidates ? ", …" : "");
    }
}
