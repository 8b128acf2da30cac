using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Storage;

namespace AgentVine.Storage.Sqlite;

/// <summary>A unit on the writer's thread, inside its savepoint.</summary>
internal sealed class SqliteUnit(Guid organizationId, SqliteFileConnection connection, TimeProvider timeProvider)
    : SqlUnit(organizationId, timeProvider.GetUtcNow().Micros(), connection.Prepared)
{
    /// <summary>The last sequence of its events, null without events.</summary>
    public long? LastSequence { get; private set; }

    /// <summary>Counts from an arbitrary moment of this process: what an earlier process stored is not comparable.</summary>
    public override Task<long> LeaseNowAsync() =>
        Task.FromResult(timeProvider.GetElapsedTime(0, timeProvider.GetTimestamp()).Micros());

    /// <summary>Gives the events their sequences and stores them: the unit's last act.</summary>
    public void StoreEvents()
    {
        foreach (var (text, parameters) in EventStatements())
        {
            using var command = connection.Prepared(text);
            SqlParameters.Bind(command.Parameters, command.CreateParameter, OrganizationId, parameters);
            var answer = command.ExecuteScalar();
            LastSequence ??= (long?)answer;
        }
    }
}
