using AgentVine.Cli.Ids;
using AgentVine.Cli.Output;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Cli.Commands.Inbox;

/// <summary><c>vine inbox</c></summary>
internal sealed class InboxCommand : VineCommand
{
    public InboxCommand(CommandContext context)
        : base(context, "inbox", "See what agents ask, and answer at the prompt")
    {
        Add(new AnswerCommand(context));
    }

    protected override async Task<ExitCode> RunAsync(CommandRun run, CancellationToken cancellationToken)
    {
        if (!run.Json && run.Context.Console.CanPrompt)
        {
            return await new InboxPrompt(run).RunAsync(cancellationToken);
        }

        var open = await OpenRequests.ListAsync(run, cancellationToken);
        if (run.Json)
        {
            run.WriteData(open);
        }
        else if (open.Count == 0)
        {
            run.Note("nothing wants an answer");
        }
        else
        {
            await ListAsync(run, open, cancellationToken);
        }

        return ExitCode.Ok;
    }

    /// <summary>The task of a review, whose result is what is decided on.</summary>
    public static async Task<TaskView?> ReviewedAsync(CommandRun run, RequestView request, CancellationToken cancellationToken) =>
        request.Kind == RequestKind.Review ? await run.Client.GetTaskAsync(request.TaskId, cancellationToken) : null;

    private static async Task ListAsync(CommandRun run, IReadOnlyList<RequestView> open, CancellationToken cancellationToken)
    {
        var card = new RequestCard(run.Painter, run.Context.Time);
        foreach (var request in open)
        {
            card.Write(request, await ReviewedAsync(run, request, cancellationToken));
            run.Painter.Line($"  vine inbox answer {ShortId.Of(request.Id)} …    ({AnswerWords.Grammar(request)})", Look.Dim);
            run.Painter.Line();
        }
    }
}
