using System.Text;
using AgentVine.Cli.Commands.Tasks;
using AgentVine.Cli.Output;
using AgentVine.Client;
using AgentVine.Contracts;
using AgentVine.Contracts.Conversations;

namespace AgentVine.Cli.Commands.Inbox;

/// <summary>Goes through the open requests with a person: shows each, asks, sends the answer.</summary>
internal sealed class InboxPrompt(CommandRun run)
{
    private readonly RequestCard _card = new(run.Painter, run.Context.Time);
    private readonly HashSet<Guid> _seen = [];

    public async Task<ExitCode> RunAsync(CancellationToken cancellationToken)
    {
        while (await NextAsync(cancellationToken) is { } request)
        {
            _card.Write(request, await InboxCommand.ReviewedAsync(run, request, cancellationToken));
            if (!await AskAsync(request, cancellationToken))
            {
                break;
            }

            run.Painter.Line();
        }

        var left = (await OpenRequests.ListAsync(run, cancellationToken)).Count;
        run.Painter.Line(left == 0 ? "nothing wants an answer" : $"{Words.Count(left, "request")} left open", Look.Dim);
        return ExitCode.Ok;
    }

    // Read anew each time: others answer too, and agents go on asking.
    private async Task<RequestView?> NextAsync(CancellationToken cancellationToken) =>
        (await OpenRequests.ListAsync(run, cancellationToken)).FirstOrDefault(request => _seen.Add(request.Id));

    /// <returns>False when the person has had enough.</returns>
    private async Task<bool> AskAsync(RequestView request, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (words, goOn) = await ReadAsync(request, cancellationToken);
            if (words is null)
            {
                return goOn;
            }

            try
            {
                await run.Client.AnswerRequestAsync(request.Id, AnswerWords.Parse(request, words), cancellationToken);
                run.Painter.Line("  answered", Look.Good);
                return true;
            }
            catch (VineApiException refusal) when (refusal.Code is ErrorCodes.RequestsNotOpen or ErrorCodes.RequestsNotFound)
            {
                run.Painter.Line("  " + Printable.Line(refusal.Message), Look.Attention);
                return true;
            }
            catch (Exception fault) when (fault is CommandException or VineApiException { Status: 400 })
            {
                run.Painter.Line("  " + Printable.Line(fault.Message), Look.Attention);
            }
        }
    }

    private async Task<(IReadOnlyList<string>? Words, bool GoOn)> ReadAsync(RequestView request, CancellationToken cancellationToken)
    {
        if (request is { Kind: RequestKind.Question, Questions: { Count: > 1 } questions })
        {
            return await ReadEachAsync(questions, cancellationToken);
        }

        var review = request.Kind == RequestKind.Review;
        while (true)
        {
            var line = await PromptAsync(AnswerWords.Grammar(request) + (review ? "; d shows the diff" : "") + "; Enter: later", cancellationToken);
            if (review && line?.Trim() == "d")
            {
                using var diff = new MemoryStream();
                await run.Client.CopyDiffAsync(request.TaskId, diff, cancellationToken);
                DiffCommand.Show(run, Encoding.UTF8.GetString(diff.GetBuffer(), 0, (int)diff.Length));
                continue;
            }

            return string.IsNullOrWhiteSpace(line) ? (null, line is not null) : ([line], true);
        }
    }

    private async Task<(IReadOnlyList<string>? Words, bool GoOn)> ReadEachAsync(IReadOnlyList<RequestQuestion> questions, CancellationToken cancellationToken)
    {
        var words = new List<string>();
        while (words.Count < questions.Count)
        {
            var question = questions[words.Count];
            var line = await PromptAsync($"{question.Header ?? Printable.Brief(question.Question, 40)}: {AnswerWords.Grammar(question)}; Enter: later", cancellationToken);
            if (string.IsNullOrWhiteSpace(line))
            {
                return (null, line is not null);
            }

            try
            {
                AnswerWords.Choose(question, line);
                words.Add(line);
            }
            catch (CommandException fault)
            {
                run.Painter.Line("  " + Printable.Line(fault.Message), Look.Attention);
            }
        }

        return (words, true);
    }

    private Task<string?> PromptAsync(string hint, CancellationToken cancellationToken)
    {
        run.Painter.Line($"  ({Printable.Line(hint)})", Look.Dim);
        run.Context.Console.Out.Write("  > ");
        return run.Context.Console.ReadLineAsync(cancellationToken);
    }
}
