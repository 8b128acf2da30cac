using AgentVine.Cli.Ids;
using AgentVine.Cli.Output;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Tasks;
using Spectre.Console;

namespace AgentVine.Cli.Commands.Inbox;

/// <summary>A request with all that is needed to decide on it.</summary>
internal sealed class RequestCard(IAnsiConsole painter, TimeProvider time)
{
    /// <param name="request">What is asked.</param>
    /// <param name="reviewed">For a review, the task as it was handed back.</param>
    public void Write(RequestView request, TaskView? reviewed)
    {
        painter.Line(
            (ShortId.Of(request.Id), Look.Bold),
            ("  " + Words.Of(request.Kind), Look.Attention),
            ($"  task {ShortId.Of(request.TaskId)} {Printable.Line(request.TaskTitle)}, {Words.Age(request.AskedAt, time)} ago{Words.Doubt(request.UnconfirmedSince, null, time)}", Look.Dim),
            (request.EscalatedAt is null ? "" : "  escalated: nobody answered in time", Look.Bad),
            (request.ParkedAt is null ? "" : "  parked: the answer brings the task back", Look.Dim));
        switch (request.Kind)
        {
            case RequestKind.Permission when request.Tool is { } tool:
                WriteTool(request.Title, tool);
                break;
            case RequestKind.Question when request.Questions is { Count: > 0 } questions:
                WriteQuestions(questions);
                break;
            default:
                painter.Line("  " + Printable.Line(request.Title), Look.Plain);
                break;
        }

        if (!string.IsNullOrWhiteSpace(request.Body))
        {
            painter.Block(request.Body, "    ", Look.Plain);
        }

        if (reviewed?.Result is { } result)
        {
            var change = result.DiffStat is { } stat ? Words.Of(stat) : "nothing was changed";
            painter.Line($"    {change}{(reviewed.WorkBranch is null ? "" : $", on {reviewed.WorkBranch}")}", Look.Dim);
        }
    }

    private void WriteTool(string title, RequestTool tool)
    {
        painter.Line(("  wants to use ", Look.Plain), (Printable.Line(tool.Name), Look.Tool));
        if (!title.StartsWith(tool.Name, StringComparison.Ordinal) && title != tool.Summary)
        {
            painter.Line("    " + Printable.Line(title), Look.Dim);
        }

        if (tool.Input is { } input)
        {
            new ToolInput(painter).Write(input);
        }
        else if (tool.Summary is { } summary)
        {
            painter.Block(summary, "    ", Look.Plain);
        }
    }

    private void WriteQuestions(IReadOnlyList<RequestQuestion> questions)
    {
        foreach (var question in questions)
        {
            painter.Block(question.Question, "  ", Look.Plain);
            foreach (var (option, number) in question.Options.Select((option, index) => (option, index + 1)))
            {
                painter.Line(
                    ($"    {number}  ", Look.Bold),
                    (Printable.Line(option.Label), Look.Plain),
                    (option.Description is null ? "" : "  " + Printable.Line(option.Description), Look.Dim));
            }
        }
    }
}
