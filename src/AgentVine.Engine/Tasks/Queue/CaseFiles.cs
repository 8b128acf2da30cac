using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Executions;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Tasks.Queue;

/// <summary>Gathers what there is to know of a task that was given up.</summary>
internal static class CaseFiles
{
    private const int MostLines = 40;
    private const int MostCharacters = 16_000;
    private const int LookedThrough = 400;

    public static async Task<CaseFile> OpenAsync(IReadSession session, DeadLetterView entry, string repositoryFolder)
    {
        var attempts = await session.QueryAsync<ExecutionRow>(ExecutionsSql.OfTask, new { TaskId = entry.Id });
        return new CaseFile
        {
            Entry = entry,
            LastOutput = await LastOutputAsync(session, attempts),
            Attempts = [.. attempts.Select(Of)],
            Salvaged = await SalvagedAsync(session, entry.Id, attempts, repositoryFolder),
            ToTry = CaseAdvices.For(entry.Task, attempts is [.., var last] ? last.Account : null, attempts.Any(attempt => attempt.Checkpoint is not null)),
        };
    }

    private static CaseAttempt Of(ExecutionRow row)
    {
        var view = row.ToView();
        return new CaseAttempt
        {
            Number = view.Attempt,
            ExecutionId = view.Id,
            WorkerName = view.WorkerName,
            StartedAt = view.StartedAt,
            EndedAt = view.EndedAt,
            Status = view.Status,
            Error = view.Error,
            CostUsd = view.SpentUsd > 0 ? view.SpentUsd : view.Result?.CostUsd,
            Resumed = view.ResumedFrom is not null,
            Checkpoint = view.Checkpoint,
            Branch = view.Branch,
            Commit = row.HeadCommit,
        };
    }

    private static async Task<CaseOutput?> LastOutputAsync(IReadSession session, IReadOnlyList<ExecutionRow> attempts)
    {
        if (attempts.LastOrDefault(attempt => attempt.OutputCount > 0) is not { } last)
        {
            return null;
        }

        var lines = await ExecutionOutput.ReadAsync(session, last.Id, Math.Max(0, last.OutputCount - LookedThrough), LookedThrough);
        var said = lines.Where(line => !string.IsNullOrWhiteSpace(line.Text)).TakeLast(MostLines).ToList();
        var left = MostCharacters;
        var kept = new List<OutputLine>();
        for (var i = said.Count - 1; i >= 0 && left > 0; i--)
        {
            var text = said[i].Text!;
            kept.Insert(0, said[i] with { Raw = null, Text = text.Length <= left ? text : "…" + text[^left..] });
            left -= text.Length;
        }

        return kept.Count == 0 ? null : new CaseOutput(last.Id, last.Attempt, kept[0].N - 1, kept);
    }

    private static async Task<CaseSalvage> SalvagedAsync(
        IReadSession session, Guid taskId, IReadOnlyList<ExecutionRow> attempts, string repositoryFolder)
    {
        var branch = attempts.LastOrDefault(attempt => attempt is { Branch: not null, HeadCommit: not null });
        var stored = attempts.LastOrDefault(attempt => attempt.Checkpoint is not null);
        var checkpoint = stored is null ? null : await CheckpointRecords.FindAsync(session, stored.Id, stored.Checkpoint!.Value);
        var how = new List<CaseAdvice>();
        if (branch is not null)
        {
            how.Add(new CaseAdvice("see what the branch changes", $"vine task diff {taskId:D}"));
            how.Add(new CaseAdvice(
                "fetch the branch into your clone, on the server's machine", $"git fetch {Quoted(repositoryFolder)} {branch.Branch}:{branch.Branch}"));
        }

        if (checkpoint is not null)
        {
            how.Add(new CaseAdvice(
                "bring the files of the newest checkpoint into a folder, with what was not committed",
                $"vine task restore {taskId:D} --attempt {checkpoint.Attempt} --checkpoint {checkpoint.N}"));
        }

        return new CaseSalvage
        {
            Branch = branch?.Branch,
            Commit = branch?.HeadCommit,
            DiffStat = JsonColumn.Read<DiffStat>(branch?.DiffStat),
            Checkpoint = checkpoint?.ToView(),
            HowToFetch = how,
        };
    }

    private static string Quoted(string path) =>
        path.All(character => char.IsAsciiLetterOrDigit(character) || character is '/' or '.' or '_' or '-' or ':' or '\\') ? path : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
