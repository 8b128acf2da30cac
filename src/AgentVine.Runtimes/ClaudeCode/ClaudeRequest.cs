using System.Text.Json;
using AgentVine.Contracts.Conversations;

namespace AgentVine.Runtimes.ClaudeCode;

/// <summary>A <c>can_use_tool</c> that Claude Code waits for: a permission, a question or a plan to be approved.</summary>
/// <param name="ControlId">The id of the control request, which its answer carries.</param>
/// <param name="Tool">The tool's name.</param>
/// <param name="Input">The tool's input, the program's own.</param>
/// <param name="Asked">As the worker was told.</param>
internal sealed record ClaudeRequest(string ControlId, string Tool, JsonElement Input, AgentAsked Asked)
{
    private static readonly JsonElement NoInput = JsonSerializer.SerializeToElement(new { });

    private const int TitleLength = 500;
    private const int HeaderLength = 200;
    private const int WordsLength = 20_000;
    private const int BodyLength = 100_000;

    /// <summary>Reads <paramref name="request"/>; <paramref name="plan"/> is the plan where the program tells it elsewhere.</summary>
    public static ClaudeRequest Of(string controlId, JsonElement request, string? plan, Guid id)
    {
        var tool = request.Text("tool_name") ?? "tool";
        var input = request.Member("input")?.Clone() ?? NoInput;
        var asked = tool switch
        {
            "AskUserQuestion" => Question(id, input),
            "ExitPlanMode" => Plan(id, input.Text("plan") ?? plan ?? string.Empty),
            _ => Permission(id, tool, input, request.Text("description")),
        };
        return new ClaudeRequest(controlId, tool, input, asked);
    }

    private static AgentAsked Question(Guid id, JsonElement input)
    {
        var questions = input.Items("questions").Select(Read).ToList();
        var title = questions.Count == 0 ? "A question" : ClaudeText.FirstLine(questions[0].Question);
        return new AgentAsked(id, RequestKind.Question, ClaudeText.Cut(title, TitleLength), Questions: questions);
    }

    private static RequestQuestion Read(JsonElement question) => new()
    {
        Question = ClaudeText.Cut(question.Text("question") ?? string.Empty, WordsLength),
        Header = question.Text("header") is { } header ? ClaudeText.Cut(header, HeaderLength) : null,
        Options = [.. question.Items("options").Select(option => new QuestionOption(option.Text("label") ?? string.Empty, option.Text("description")))],
        MultiSelect = question.Flag("multiSelect"),
    };

    private static AgentAsked Plan(Guid id, string plan)
    {
        var heading = ClaudeText.FirstLine(plan).TrimStart('#', ' ');
        var title = heading.Length == 0 ? "Approve the plan" : $"Approve the plan: {heading}";
        return new AgentAsked(id, RequestKind.Approval, ClaudeText.Cut(title, TitleLength), plan.Length == 0 ? null : ClaudeText.Cut(plan, BodyLength));
    }

    private static AgentAsked Permission(Guid id, string tool, JsonElement input, string? description)
    {
        var summary = ClaudeToolSummary.Whole(input);
        return new AgentAsked(
            id,
            RequestKind.Permission,
            ClaudeText.Cut(ClaudeToolSummary.Line(tool, input), TitleLength),
            string.IsNullOrWhiteSpace(description) ? null : ClaudeText.Cut(description, BodyLength),
            Tool: new RequestTool { Name = ClaudeText.Cut(tool, HeaderLength), Input = input, Summary = summary.Length == 0 ? null : summary });
    }
}
