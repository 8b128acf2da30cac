using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Tasks;
using AgentVine.ScriptedModel;
using AgentVine.Testing.Fleet;
using Xunit;

namespace AgentVine.System.Tests.Containment;

/// <summary>What a hostile agent tries on the server whose worker runs it, with the commands of a real agent in its real sandbox.</summary>
public sealed class ContainmentTests : IAsyncLifetime
{
    private const string Allow = """{"text":"Yes."}""";

    // Runs while the agent's own question is open; each line is what was tried and what came of it.
    private const string Attack = """
        code() { name=$1; shift; echo "$name: $(curl --silent --output /dev/null --write-out '%{http_code}' "$@")"; }
        json='Content-Type: application/json'
        until curl --silent "$URL/api/v1/requests?status=open&task_id=$TASK" | grep -q question; do sleep 0.1; done
        REQUEST=$(curl --silent "$URL/api/v1/requests?status=open&task_id=$TASK" | sed 's/.*"id":"\([^"]*\)","kind":"question".*/\1/')
        echo "request: $REQUEST"
        code look "$URL/api/v1/tasks"
        code answer -X POST -H "$json" -d "$ANSWER" "$URL/api/v1/requests/$REQUEST/answer"
        code tools -X POST -H "$json" -H 'Accept: application/json, text/event-stream' -H "Authorization: Bearer $ANTHROPIC_API_KEY" \
          -d '{"jsonrpc":"2.0","id":1,"method":"tools/list"}' "$URL/mcp"
        code command-task -X POST -H "$json" -d "$COMMAND_TASK" "$URL/api/v1/tasks"
        echo "key: $(cat "$KEY_FILE" 2>&1)"
        echo "data: $(ls "$(dirname "$KEY_FILE")" 2>&1 | tr '\n' ' ')"
        env | sed 's/^/env: /'
        tr '\0' '\n' < /proc/1/environ | sed 's/^/init: /'
        echo finished
        """;

    // Of an agent without a network: server and provider are not there, and the gateway passes nothing on but calls of models.
    private const string AttackBySocket = """
        code() { name=$1; shift; echo "$name: $(curl --silent --output /dev/null --write-out '%{http_code}' "$@")"; }
        key="x-api-key: $ANTHROPIC_API_KEY"
        echo "devices: $(tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' ' | tr '\n' ' ')"
        code server "$URL/api/v1/tasks"
        code gateway -H "$key" "$ANTHROPIC_BASE_URL/v1/models"
        code model --unix-socket "$ANTHROPIC_UNIX_SOCKET" -H "$key" http://gateway/v1/models
        code without-token --unix-socket "$ANTHROPIC_UNIX_SOCKET" http://gateway/v1/models
        code files --unix-socket "$ANTHROPIC_UNIX_SOCKET" -H "$key" http://gateway/v1/files
        code tools --unix-socket "$ANTHROPIC_UNIX_SOCKET" -H "$key" -d '{}' http://gateway/mcp
        env | sed 's/^/env: /'
        """;

    private VineFleet? _vine;

    private VineFleet Vine => _vine!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _vine?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Agent_HasNoNetwork_ButTheGatewaysSocket()
    {
        _vine = await VineFleet.UpAsync(workers: 1);
        var script = ModelScript.Named("cut")
            .Then(Reply.Tool("mcp__vine__get_task", new { }))
            .Then(AgentReply.Bash($"URL={Vine.Client.Server.GetLeftPart(UriPartial.Authority)}\n{AttackBySocket}"))
            .Then(Reply.Finish("I did what I could."));
        var task = await Vine.FileAsync(script);
        await task.IsAllowedAsync();
        await task.MovesToAsync(AgentTaskStatus.Completed);

        var results = Vine.Model.Calls.Of("cut")[^1].ToolResults;
        Assert.Contains(task.Id.ToString(), results[0], StringComparison.Ordinal);
        var tried = Pairs(results[1]);
        Assert.Equal("lo", tried["devices"].Trim());
        Assert.Equal("000", tried["server"]);
        Assert.Equal("000", tried["gateway"]);
        Assert.Equal("404", tried["model"]);
        Assert.Equal("401", tried["without-token"]);
        Assert.Equal("403", tried["files"]);
        Assert.Equal("403", tried["tools"]);
        Assert.DoesNotContain("sk-ant", results[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Agent_IsRefused_WhenItReachesForMoreThanItsOwn()
    {
        _vine = await VineFleet.UpAsync(workers: 1, "--network", "open");
        var commandTask = JsonSerializer.Serialize(new
        {
            title = "Own the worker",
            runtime = "command",
            repository_url = Vine.Repository.Folder,
            payload = new { program = "sh" },
        });
        var begun = new Gate();
        FiledTask? task = null;
        var script = ModelScript.Named("hostile")
            .Then(Reply.Say("Harmless.").Hold(begun).Tool("mcp__vine__get_task", new { }))
            .Then(_ => AgentReply.Bash(Command(task!.Id, commandTask)))
            .Then(AgentReply.Ask("May I?", "Yes", "No"))
            .Then(Reply.Finish("I did what I could."));
        task = await Vine.FileAsync(script);
        begun.Open();
        await task.IsAllowedAsync();
        var question = await task.AsksAsync();

        var tried = await TriedAsync(task);
        Assert.Equal($"{question.Id}", tried["request"]);
        Assert.Equal("200", tried["look"]);
        Assert.Equal("401", tried["answer"]);
        Assert.Equal("401", tried["tools"]);
        Assert.Equal("401", tried["command-task"]);
        Assert.Contains("No such file or directory", tried["key"], StringComparison.Ordinal);
        Assert.DoesNotContain("run.key", tried["data"], StringComparison.Ordinal);
        Assert.Equal(RequestStatus.Open, (await task.RequestAsync(question.Id)).Status);

        // The same, by those who may.
        Assert.Equal(HttpStatusCode.Created, await PostAsync("tasks", commandTask));
        Assert.Equal(HttpStatusCode.OK, await PostAsync($"requests/{question.Id}/answer", Allow));
        await task.MovesToAsync(AgentTaskStatus.Completed);
    }

    private string Command(Guid taskId, string commandTask) =>
        $$"""
        cat > attack.sh <<'END'
        {{Attack}}
        END
        URL={{Vine.Client.Server.GetLeftPart(UriPartial.Authority)}} TASK={{taskId}} KEY_FILE={{Vine.DataFolder}}/run.key \
          ANSWER='{{Allow}}' COMMAND_TASK='{{commandTask}}' setsid sh attack.sh > attack.txt 2>&1 < /dev/null &
        """;

    private async Task<Dictionary<string, string>> TriedAsync(FiledTask task)
    {
        var file = await task.FolderAsync("clone/attack.txt");
        var text = await Vine.WaitForAsync(
            async () => File.Exists(file) && await File.ReadAllTextAsync(file) is { } read && read.EndsWith("finished\n", StringComparison.Ordinal) ? read : null,
            "the attack is over");
        Assert.Contains("env: VINE_EXECUTION=", text, StringComparison.Ordinal);
        Assert.True(File.Exists($"{Vine.DataFolder}/run.key"));
        Assert.DoesNotContain(Vine.Key, text, StringComparison.Ordinal);
        Assert.DoesNotContain("VINE_API_KEY", text, StringComparison.Ordinal);
        return Pairs(text);
    }

    private static Dictionary<string, string> Pairs(string text) =>
        text.Split('\n').Select(line => line.Split(": ", 2)).Where(pair => pair.Length == 2).DistinctBy(pair => pair[0])
            .ToDictionary(pair => pair[0], pair => pair[1]);

    private async Task<HttpStatusCode> PostAsync(string path, string body)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Vine.Key);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri(Vine.Client.Server, $"/api/v1/{path}"), content);
        return answer.StatusCode;
    }
}
