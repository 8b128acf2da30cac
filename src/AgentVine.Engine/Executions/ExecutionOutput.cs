using System.Text.Json;
using AgentVine.Contracts;
using AgentVine.Contracts.Executions;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Executions;

/// <summary>An execution's output: a numbered stream of its own, stored in the chunks it came in.</summary>
internal static class ExecutionOutput
{
    private const int ChunksPerRead = 8;
    private const int CharactersPerRead = 8_000_000;

    /// <summary>Stores the lines that are not stored yet. Sent again, nothing is doubled; a gap is refused.</summary>
    /// <returns>The highest number up to which every line is durable once the unit is.</returns>
    public static async Task<long> AppendAsync(IUnitOfWork unit, Guid executionId, IReadOnlyList<OutputLine> lines)
    {
        await unit.ExecuteAsync(ExecutionsSql.Lock, new { Id = executionId });
        var execution = await ExecutionRecords.GetAsync(unit, executionId);
        for (var i = 1; i < lines.Count; i++)
        {
            if (lines[i].N != lines[i - 1].N + 1)
            {
                throw Gap(executionId, $"Line {lines[i].N} follows line {lines[i - 1].N}", execution.OutputCount);
            }
        }

        if (lines[0].N > execution.OutputCount + 1 || lines[0].N < 1)
        {
            throw Gap(executionId, $"The batch begins with line {lines[0].N}", execution.OutputCount);
        }

        var fresh = lines.Where(line => line.N > execution.OutputCount).ToList();
        if (fresh.Count == 0)
        {
            return execution.OutputCount;
        }

        var last = fresh[^1].N;
        await unit.ExecuteAsync(ExecutionsSql.InsertOutput, new
        {
            ExecutionId = executionId,
            FirstN = fresh[0].N,
            LastN = last,
            Lines = JsonSerializer.Serialize(fresh, VineJson.Options),
        });
        await unit.ExecuteAsync(ExecutionsSql.Count, new { Id = executionId, Count = last });
        return last;
    }

    public static async Task<IReadOnlyList<OutputLine>> ReadAsync(IReadSession session, Guid executionId, long after, int limit)
    {
        // A few chunks at a time: one may hold one short line or megabytes.
        var lines = new List<OutputLine>();
        var characters = 0;
        while (lines.Count < limit && characters < CharactersPerRead)
        {
            var from = lines.Count == 0 ? after : lines[^1].N;
            var chunks = await session.QueryAsync<string>(
                ExecutionsSql.OutputAfter, new { ExecutionId = executionId, After = from, Chunks = ChunksPerRead });
            lines.AddRange(chunks
                .SelectMany(chunk => JsonSerializer.Deserialize<List<OutputLine>>(chunk, VineJson.Options)!)
                .Where(line => line.N > from));
            characters += chunks.Sum(chunk => chunk.Length);
            if (chunks.Count < ChunksPerRead)
            {
                break;
            }
        }

        return [.. lines.Take(limit)];
    }

    private static ProblemException Gap(Guid executionId, string what, long stored) =>
        new(409, ErrorCodes.ExecutionsOutputGap, $"{what}, but {stored} lines of execution {executionId} are stored: send from line {stored + 1} on, without gaps.");
}
