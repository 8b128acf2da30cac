using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace AgentVine.Testing.Fleet;

/// <summary>The credential of a running agent, as the agent itself could take it from its files.</summary>
public sealed record AgentToken(Uri Mcp, string Value)
{
    public static async Task<AgentToken> OfAsync(FiledTask task)
    {
        using var file = JsonDocument.Parse(await File.ReadAllTextAsync(await task.FolderAsync("home/vine-mcp.json")));
        var server = file.RootElement.GetProperty("mcpServers").GetProperty("vine");
        var header = server.GetProperty("headers").GetProperty("Authorization").GetString()!;
        return new AgentToken(new Uri(server.GetProperty("url").GetString()!), header["Bearer ".Length..]);
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
