using AgentVine.Cli;
using AgentVine.Cli.Commands.Inbox;
using AgentVine.Cli.Output;
using AgentVine.Client;
using AgentVine.Contracts;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Host.Demo;

/// <summary>Tells what happens as it happens, and gets the agents' requests answered: by the person, or after ten seconds as recommended.</summary>
internal sealed class DemoShow(CommandRun run, VineClient client, bool answerAtOnce)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly RequestCard _card = new(run.Painter, run.Context.Time);
    private Task<string?>? _reading;

    /// <summary>Returns when every task is final.</summary>
    public async Task FollowAsync(IReadOnlyList<TaskView> tasks, CancellationToken stop)
    {
        var titles = tasks.ToDictionary(task => task.Id, task => task.Title);
        var left = titles.Keys.ToHashSet();
        await foreach (var happened in client.StreamEventsAsync(new EventFilter { After = 0 }, stop))
        {
            if (happened.TaskId is not { } taskId || !titles.TryGetValue(taskId, out var title))
            {
                continue;
            }

            Tell(happened, title);
            if (happened.Type == EventTypes.RequestOpened)
            {
                await AnswerAsync(happened.RequestId!.Value, stop);
            }
            else if (happened.Type == EventTypes.TaskStatusChanged && Status(happened) is AgentTaskStatus.Completed or AgentTaskStatus.Failed or AgentTaskStatus.Cancelled)
            {
                left.Remove(taskId);
                if (left.Count == 0)
                {
                    return;
                }
            }
        }
    }

    private void Tell(EventView happened, string title)
    {
        var (words, style) = happened.Type switch
        {
            EventTypes.TaskCreated => ("filed", Look.Plain),
            EventTypes.ExecutionStarted => ($"taken by {Text(happened, "worker")}", Look.Plain),
            EventTypes.SessionOpened => ("its agent works in a clone of its own", Look.Plain),
            EventTypes.RequestAnswered => ("answered", Look.Person),
            EventTypes.RequestDelivered => ("the agent has the answer", Look.Plain),
            EventTypes.ExecutionBranchStored => ($"handed back {Text(happened, "branch")}", Look.Good),
            EventTypes.TaskStatusChanged when Status(happened) is AgentTaskStatus.Completed => ("completed", Look.Good),
            EventTypes.TaskStatusChanged when Status(happened) is AgentTaskStatus.Failed or AgentTaskStatus.Queued => ($"{Text(happened, "to")}: {Text(happened, "reason")}", Look.Bad),
            _ => (null, Look.Plain),
        };
        if (words is not null)
        {
            run.Painter.Line((Words.TimeOfDay(happened.At, run.Context.Time) + "  ", Look.Dim), ($"{title,-22}", Look.Bold), (words, style));
        }
    }

    private async Task AnswerAsync(Guid requestId, CancellationToken stop)
    {
        var request = await client.GetRequestAsync(requestId, 0, stop);
        if (request.Status != RequestStatus.Open)
        {
            return;
        }

        run.Painter.Line();
        _card.Write(request, reviewed: null);
        var answer = await PersonAsync(request, stop) ?? Recommended(request);
        await client.AnswerRequestAsync(requestId, answer, stop);
    }

    private async Task<RequestAnswer?> PersonAsync(RequestView request, CancellationToken stop)
    {
        if (answerAtOnce || !run.Context.Console.CanPrompt)
        {
            return null;
        }

        run.Painter.Line($"  {AnswerWords.Grammar(request)} (as recommended in {Patience.TotalSeconds:0} s)", Look.Attention);
        while (true)
        {
            // A read of the terminal cannot be taken back: one that nobody answered in time serves the next request.
            _reading ??= run.Context.Console.ReadLineAsync(CancellationToken.None);
            try
            {
                var line = await _reading.WaitAsync(Patience, run.Context.Time, stop);
                _reading = null;
                return string.IsNullOrWhiteSpace(line) ? null : AnswerWords.Parse(request, line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            }
            catch (TimeoutException)
            {
                return null;
            }
            catch (CommandException fault)
            {
                run.Painter.Line("  " + fault.Message, Look.Attention);
            }
        }
    }

    private RequestAnswer Recommended(RequestView request)
    {
        run.Painter.Line(request.Kind == RequestKind.Question ? "  → the first option" : "  → allowed", Look.Person);
        return request.Kind switch
        {
            RequestKind.Question => new RequestAnswer { Answers = request.Questions!.ToDictionary(question => question.Question, question => question.Options[0].Label) },
            RequestKind.Permission => new RequestAnswer { Decision = AnswerDecision.Allow },
            _ => new RequestAnswer { Decision = AnswerDecision.Approve },
        };
    }

    private static AgentTaskStatus? Status(EventView happened) =>
        VineJson.TryParse<AgentTaskStatus>(Text(happened, "to"), out var status) ? status : null;

    private static string Text(EventView happened, string member) =>
        happened.Data is { } data && data.TryGetProperty(member, out var value) ? value.ToString() : "";
}
