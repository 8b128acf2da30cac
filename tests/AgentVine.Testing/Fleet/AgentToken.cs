using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace AgentVine.Testing.Fleet;

/// <summary>The credential of a running attempt at the <c>vine</c> MCP server. Its worker has it and its agent has not; here it is the server's database that tells.</summary>
public sealed record AgentToken(Uri Mcp, string Value)
{
    public static async Task<AgentToken> OfAsync(VineFleet fleet, FiledTask task)
    {
        await using var database = new SqliteConnection($"Data Source={Path.Join(fleet.DataFolder, "vine.db")};Mode=ReadOnly");
        await database.OpenAsync();
        await using var find = database.CreateCommand();
        find.CommandText = "select agent_token from executions where task_id = $task and agent_token is not null";
        find.Parameters.AddWithValue("$task", task.Id.ToString());
        return new AgentToken(new Uri(fleet.Client.Server, "/mcp"), (string)(await find.ExecuteScalarAsync())!);
    }

    /// <summary>Asks the people of its task, and returns what came back when it is answered or given up.</summary>
    public async Task<string> AskHumanAsync(string question)
    {
        using var http = new HttpClient();
        using var call = new HttpRequestMessage(HttpMethod.Post, Mcp);
        call.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Value);
        call.Headers.Accept.ParseAdd("application/json");
        call.Headers.Accept.ParseAdd("text/event-stream");
        var body = new { jsonrpc = "2.0", id = 1, method = "tools/call", @params = new { name = "ask_human", arguments = new { question } } };
        call.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(call);
        return await answer.Content.ReadAsStringAsync();
    }
}
