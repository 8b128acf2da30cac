using System.Text.Json;
using AgentVine.Contracts;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Queue;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Tasks;

namespace AgentVine.Engine.Conversations;

/// <summary>What people wrote and answered that the conversation does not hold, for the first turn of the attempt that is claimed now.</summary>
internal sealed class WordsOfPeople : IFeedbackSource
{
    public async Task<IReadOnlyList<Feedback>> TakeAsync(
        IUnitOfWork unit, Guid taskId, Guid executionId, Heard heard, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var heardUntil = await UntilAsync(unit, heard);
        var words = new List<Feedback>();
        foreach (var request in await unit.QueryAsync<RequestRow>(ConversationsSql.UnheardAnswers, new { TaskId = taskId, ExecutionId = executionId, HeardUntil = heardUntil }))
        {
            var answer = JsonColumn.Read<RequestAnswer>(request.Answer)!;
            if (request.KindValue == RequestKind.Permission && answer.Decision == AnswerDecision.Allow)
            {
                await unit.ExecuteAsync(ConversationsSql.Grant, new { request.Id, ExecutionId = executionId });
            }

            words.Add(new Feedback(Say(request, answer), RequestId: request.Id));
        }

        foreach (var message in await unit.QueryAsync<MessageRow>(ConversationsSql.UnheardOfTask, new { TaskId = taskId, HeardUntil = heardUntil }))
        {
            await unit.ExecuteAsync(ConversationsSql.BindMessage, new { message.Id, ExecutionId = executionId });
            words.Add(new Feedback(message.Content, message.Id));
        }

        return words;
    }

    // An agent that waits for a person takes up nothing: what it was sent meanwhile is in no transcript when it is parked.
    private static async Task<long> UntilAsync(IUnitOfWork unit, Heard heard) =>
        heard.From is { } from && await unit.FirstOrDefaultAsync<long?>(ConversationsSql.WaitedSince, new { ExecutionId = from }) is { } waited
            ? Math.Min(waited, heard.Until)
            : heard.Until;

    private static string Say(RequestRow request, RequestAnswer answer) => request.KindValue switch
    {
        RequestKind.Permission => SayPermission(JsonColumn.Read<RequestTool>(request.Tool)!, answer, request.IsParked),
        RequestKind.Approval => $"You asked for an approval: {request.Title}\nIt was {(answer.Decision == AnswerDecision.Approve ? "given" : "refused")}.{Because(answer.Comment)}",
        _ => $"You asked: {request.Title}\nThe answer is: {answer.Text ?? SayAnswers(answer.Answers!)}",
    };

    private static string SayAnswers(IReadOnlyDictionary<string, string> answers) =>
        answers.Count == 1 ? answers.Values.First() : string.Join("\n", answers.Select(each => $"{each.Key}: {each.Value}"));

    private static string SayPermission(RequestTool tool, RequestAnswer answer, bool wasParked)
    {
        var asked = $"You asked to use the tool {tool.Name} with this input:\n{JsonSerializer.Serialize(tool.Input, VineJson.Options)}\n";
        return answer.Decision == AnswerDecision.Allow
            ? asked + (wasParked ? "That was allowed. Nothing has run yet: use" : "That was allowed. It may have run already, so look first; if it has not, use")
                + " the tool again with exactly this input, and it will not be asked about again."
            : asked + $"That was denied. Go about it in another way.{Because(answer.Reason)}";
    }

    private static string Because(string? words) => string.IsNullOrWhiteSpace(words) ? "" : $" What was said: {words}";
}
