using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Tasks;
using AgentVine.ScriptedModel;
using AgentVine.System.Tests.WholePath;
using AgentVine.Testing.Fleet;
using Xunit;

namespace AgentVine.System.Tests.Containment;

/// <summary>What a hostile agent tries on the server whose worker runs it, with the commands of a real agent in its real sandbox.</summary>
[Collection(nameof(FleetOfThree))]
public sealed class ContainmentTests(FleetOfThree fleet)
{
    private const string Allow = """{"text":"Yes."}""";

    // Runs while the agent's own question is open; each line is what was tried and what came of it.
    private const string Attack = """
        code() { name=$1; shift; echo "$name: $(curl --silent --output /dev/null --write-out '%{http_code}' "$@")"; }
        json='Content-Type: application/json'
        until curl --silent "$URL/api/v1/requests?status=open&task_id=$TASK" | grep -q question; do sleep 0.1; done
        REQUEST=$(curl --silent "$URL/api/v1/requests?status=open&task_id=$TASK" | sed 's/.*"id":"\([^"]*\)","kind":"question".*/\1/')
        TOKEN=$(sed 's/.*Bearer \([^"]*\)".*/\1/' "$HOME/vine-mcp.json")
        echo "request: $REQUEST"
        echo "token: $TOKEN"
        code look "$URL/api/v1/tasks"
        code answer -X POST -H "$json" -d "$ANSWER" "$URL/api/v1/requests/$REQUEST/answer"
        code answer-with-token -X POST -H "$json" -H "Authorization: Bearer $TOKEN" -d "$ANSWER" "$URL/api/v1/requests/$REQUEST/answer"
        code own-tools -X POST -H "$json" -H 'Accept: application/json, text/event-stream' -H "Authorization: Bearer $TOKEN" \
          -d '{"jsonrpc":"2.0","id":1,"method":"tools/list"}' "$URL/mcp"
        code command-task -X POST -H "$json" -d "$COMMAND_TASK" "$URL/api/v1/tasks"
        echo "key: $(cat "$KEY_FILE" 2>&1)"
        echo "data: $(ls "$(dirname "$KEY_FILE")" 2>&1 | tr '\n' ' ')"
        env | sed 's/^/env: /'
        tr '\0' '\n' < /proc/1/environ | sed 's/^/init: /'
        echo finished
        """;

    private VineFleet Vine => fleet.Vine;

    [Fact]
    public async Task Agent_IsRefused_WhenItReachesForMoreThanItsOwn()
    {
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
        Assert.Equal("401", tried["answer-with-token"]);
        Assert.Equal("200", tried["own-tools"]);
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
        return text.Split('\n').Select(line => line.Split(": ", 2)).Where(pair => pair.Length == 2).DistinctBy(pair => pair[0])
            .ToDictionary(pair => pair[0], pair => pair[1]);
    }

    private async Task<HttpStatusCode> PostAsync(string path, string body)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Vine.Key);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri(Vine.Client.Server, $"/api/v1/{path}"), content);
        return answer.StatusCode;
    }
}
