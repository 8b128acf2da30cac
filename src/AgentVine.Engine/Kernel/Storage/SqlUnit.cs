using System.Data.Common;
using System.Text.Json;
using AgentVine.Contracts;

namespace AgentVine.Engine.Kernel.Storage;

/// <summary>One run of a unit of work: what the units of both engines have in common. A rerun is a new one.</summary>
public abstract class SqlUnit(Guid organizationId, long now, Func<string, DbCommand> command)
    : SqlSession(organizationId, command, CancellationToken.None), IUnitOfWork
{
    private readonly List<EventDraft> _events = [];
    private readonly List<Action> _effects = [];

    /// <inheritdoc/>
    public long Now { get; } = now;

    /// <summary>What runs once the unit is durable.</summary>
    public IReadOnlyList<Action> Effects => _effects;

    /// <summary>True when it tells of something.</summary>
    public bool HasEvents => _events.Count > 0;

    /// <inheritdoc/>
    public abstract Task<long> LeaseNowAsync();

    /// <inheritdoc/>
    public Task<int> ExecuteAsync(string sql, object? parameters = null) =>
        RunAsync(sql, parameters, static (command, cancellationToken) => command.ExecuteNonQueryAsync(cancellationToken));

    /// <inheritdoc/>
    public void Append(EventDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        _events.Add(draft);
    }

    /// <inheritdoc/>
    public void OnCommitted(Action effect)
    {
        ArgumentNullException.ThrowIfNull(effect);
        _effects.Add(effect);
    }

    /// <summary>
    /// The unit's last statements, empty without events: the counter's row first, whose lock puts units in order, then the events.
    /// The first answers the last sequence.
    /// </summary>
    protected IReadOnlyList<SqlStatement> EventStatements()
    {
        if (_events.Count == 0)
        {
            return [];
        }

        var statements = new List<SqlStatement>(_events.Count + 1) { new(AppendSql.Count, new { _events.Count }) };
        statements.AddRange(_events.Select((draft, index) => new SqlStatement(AppendSql.Insert, Row(draft, _events.Count - 1 - index))));
        return statements;
    }

    private object Row(EventDraft draft, int remaining) => new
    {
        Remaining = remaining,
        draft.Type,
        draft.TaskId,
        draft.WorkOrderId,
        draft.ExecutionId,
        draft.SessionId,
        draft.RequestId,
        draft.WorkerId,
        Data = draft.Data is null ? null : JsonSerializer.Serialize(draft.Data, draft.Data.GetType(), VineJson.Options),
        At = Now,
    };
}
