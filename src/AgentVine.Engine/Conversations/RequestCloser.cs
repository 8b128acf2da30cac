using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Tasks;

namespace AgentVine.Engine.Conversations;

/// <summary>Keeps requests true to their task: an ended attempt's are cancelled, a review opens and closes with the state.</summary>
internal sealed class RequestCloser : ITaskObserver
{
    public async Task OnMovedAsync(IUnitOfWork unit, TaskMove move, CancellationToken cancellationToken)
    {
        if (move.EndsAttempt)
        {
            await CancelOpenAsync(unit, move);
        }

        if (move.To == AgentTaskStatus.InReview)
        {
            await RequestDesk.OpenReviewAsync(unit, move.Task);
        }
        else if (move.From == AgentTaskStatus.InReview)
        {
            await CloseReviewAsync(unit, move);
        }
    }

    private static async Task CancelOpenAsync(IUnitOfWork unit, TaskMove move)
    {
        var reason = move.To == AgentTaskStatus.Cancelled ? "its task was cancelled" : "its attempt ended";
        foreach (var request in await unit.QueryAsync<RequestRow>(ConversationsSql.OpenOfExecution, new { move.Task.ExecutionId }))
        {
            await RequestDesk.CancelAsync(unit, request, reason);
        }
    }

    private static async Task CloseReviewAsync(IUnitOfWork unit, TaskMove move)
    {
        foreach (var request in await unit.QueryAsync<RequestRow>(ConversationsSql.OpenReviewOfTask, new { TaskId = move.Task.Id }))
        {
            if (move.To == AgentTaskStatus.Cancelled)
            {
                await RequestDesk.CancelAsync(unit, request, "its task was cancelled");
                continue;
            }

            var accepted = move.To == AgentTaskStatus.Completed;
            var answer = new RequestAnswer
            {
                Decision = accepted ? AnswerDecision.Approve : AnswerDecision.Reject,
                Comment = accepted ? move.Task.StatusReason : move.Task.Feedback,
            };
            await RequestDesk.CloseAnsweredAsync(unit, request, answer, move.Actor ?? "fleet");
        }
    }
}
