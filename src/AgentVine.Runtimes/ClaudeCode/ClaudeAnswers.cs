using System.Text.Json;
using System.Text.Json.Nodes;
using AgentVine.Contracts.Conversations;

namespace AgentVine.Runtimes.ClaudeCode;

/// <summary>Turns a person's answer into what Claude Code expects in reply to its <c>can_use_tool</c>.</summary>
internal static class ClaudeAnswers
{
    /// <exception cref="ArgumentException">The answer does not belong to this kind of request.</exception>
    public static JsonObject Response(ClaudeRequest request, RequestAnswer answer) => request.Asked.Kind switch
    {
        RequestKind.Question => Question(request, answer),
        RequestKind.Approval => Approval(answer),
        _ => Permission(request, answer),
    };

    private static JsonObject Permission(ClaudeRequest request, RequestAnswer answer)
    {
        if (answer.Decision == AnswerDecision.Deny)
        {
            return Deny(answer.Reason, "The permission was denied. Go on without it, or ask what to do instead.");
        }

        Require(answer.Decision == AnswerDecision.Allow, "A permission is answered with the decision 'allow' or 'deny'.");
        var response = Allow();
        if (answer.UpdatedInput is { } input)
        {
            response["updatedInput"] = JsonSerializer.SerializeToNode(input);
        }

        if (answer.Scope == GrantScope.Session)
        {
            response["updatedPermissions"] = new JsonArray(new JsonObject
            {
                ["type"] = "addRules",
                ["rules"] = new JsonArray(new JsonObject { ["toolName"] = request.Tool }),
                ["behavior"] = "allow",
                ["destination"] = "session",
            });
        }

        return response;
    }

    private static JsonObject Approval(RequestAnswer answer)
    {
        if (answer.Decision == AnswerDecision.Reject)
        {
            return Deny(answer.Comment, "The plan was not approved. Ask what shall be different, or make another plan.");
        }

        Require(answer.Decision == AnswerDecision.Approve, "A plan is answered with the decision 'approve' or 'reject'.");
        return Allow();
    }

    private static JsonObject Question(ClaudeRequest request, RequestAnswer answer)
    {
        if (answer.Decision is AnswerDecision.Deny or AnswerDecision.Reject)
        {
            return Deny(answer.Reason ?? answer.Comment, "The question was not answered. Go on as seems best.");
        }

        Require(answer.Answers is { Count: > 0 } || !string.IsNullOrWhiteSpace(answer.Text), "A question is answered with 'answers' or 'text'.");
        var input = JsonSerializer.SerializeToNode(request.Input)!.AsObject();
        var answers = new JsonObject();
        foreach (var (shown, words) in answer.Answers ?? new Dictionary<string, string>())
        {
            answers[AsAsked(request, shown)] = words;
        }

        input["answers"] = answers;
        if (!string.IsNullOrWhiteSpace(answer.Text))
        {
            input["response"] = answer.Text;
        }

        var response = Allow();
        response["updatedInput"] = input;
        return response;
    }

    // People see a bounded question; the program knows its answers by the whole one.
    private static string AsAsked(ClaudeRequest request, string shown)
    {
        var index = request.Asked.Questions!.ToList().FindIndex(question => question.Question == shown);
        return index < 0 ? shown : request.Input.Items("questions").ElementAt(index).Text("question") ?? shown;
    }

    private static JsonObject Allow() => new() { ["behavior"] = "allow" };

    private static JsonObject Deny(string? words, string otherwise) =>
        new() { ["behavior"] = "deny", ["message"] = string.IsNullOrWhiteSpace(words) ? otherwise : words };

    private static void Require(bool holds, string rule)
    {
        if (!holds)
        {
            throw new ArgumentException(rule);
        }
    }
}
