using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentVine.ScriptedModel;

/// <summary>Replaces words in what a model said, also where its stream cut them in two.</summary>
internal static class AnswerText
{
    private const string EventEnd = "\n\n";

    // The members of deltas that hold what a block says.
    private static readonly string[] Texts = ["text", "partial_json", "thinking"];

    public static string Replace(string answer, string from, string to) =>
        answer.Contains("event: ", StringComparison.Ordinal) ? InEvents(answer, from, to) : answer.Replace(from, to, StringComparison.Ordinal);

    // A block's deltas become one.
    private static string InEvents(string answer, string from, string to)
    {
        var replaced = new StringBuilder();
        JsonNode? block = null;
        foreach (var happened in answer.Replace("\r\n", "\n", StringComparison.Ordinal).Split(EventEnd, StringSplitOptions.RemoveEmptyEntries))
        {
            var data = Data(happened);
            if (Member(data) is { } member && (block is null || Member(block) == member))
            {
                block = Joined(block, data!, member);
                continue;
            }

            Write(replaced, block, from, to);
            block = Member(data) is null ? null : data;
            if (block is null)
            {
                replaced.Append(happened).Append(EventEnd);
            }
        }

        Write(replaced, block, from, to);
        return replaced.ToString();
    }

    private static void Write(StringBuilder replaced, JsonNode? block, string from, string to)
    {
        if (block is not null && Member(block) is { } member)
        {
            block["delta"]![member] = block["delta"]![member]!.GetValue<string>().Replace(from, to, StringComparison.Ordinal);
            replaced.Append("event: content_block_delta\ndata: ").Append(block.ToJsonString()).Append(EventEnd);
        }
    }

    private static JsonNode Joined(JsonNode? block, JsonNode delta, string member)
    {
        if (block is null)
        {
            return delta;
        }

        block["delta"]![member] = block["delta"]![member]!.GetValue<string>() + delta["delta"]![member]!.GetValue<string>();
        return block;
    }

    private static string? Member(JsonNode? data) =>
        data?["delta"] is JsonObject delta ? Texts.FirstOrDefault(member => delta[member] is JsonValue) : null;

    private static JsonNode? Data(string happened)
    {
        try
        {
            return happened.Split('\n').FirstOrDefault(line => line.StartsWith("data:", StringComparison.Ordinal)) is { } line ? JsonNode.Parse(line[5..]) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
