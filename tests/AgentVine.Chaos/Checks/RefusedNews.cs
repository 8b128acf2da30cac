using AgentVine.Chaos.Fleet;
using Microsoft.Data.Sqlite;

namespace AgentVine.Chaos.Checks;

/// <summary>What the server refused for good is kept by the worker that told it: read from the outboxes' files.</summary>
internal sealed class RefusedNews(ChaosFleet fleet, Findings findings)
{
    public void Check(IReadOnlyList<Fact> log)
    {
        var kept = fleet.Workers.SelectMany(worker => RefusedBy(worker)).ToHashSet();
        foreach (var late in log.Where(fact => fact.Type == "execution.superseded").DistinctBy(fact => fact.Execution))
        {
            if (!kept.Contains(late.Execution!))
            {
                findings.Add(
                    "a refusal is kept",
                    $"the server refused the end of execution {late.Execution}, and no worker's outbox has it among the refused",
                    Evidence.Of(fleet, late.Task));
            }
        }
    }

    private static List<string> RefusedBy(WorkerPlace worker)
    {
        var executions = new List<string>();
        foreach (var file in Directory.EnumerateFiles(worker.Folder, "outbox.db", SearchOption.AllDirectories))
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "select distinct execution_id from refused";
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                executions.Add(reader.GetString(0));
            }
        }

        return executions;
    }
}
