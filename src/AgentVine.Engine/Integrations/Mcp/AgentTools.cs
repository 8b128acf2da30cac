using System.ComponentModel;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Executions;
using AgentVine.Engine.Conversations;
using AgentVine.Engine.Executions;
using AgentVine.Engine.Identity;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Tasks;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace AgentVine.Engine.Integrations.Mcp;

/// <summary>What the <c>vine</c> MCP server offers the agent of one execution.</summary>
internal sealed partial class AgentTools(
    AgentIdentity agent, IStore store, RequestDesk desk, RequestWaiter waiter, CreateSubtask subtasks, TimeProvider time)
{
    private static readonly TimeSpan WaitPerLook = TimeSpan.FromSeconds(30);

    // From a worker's last look at its commands until its agent is gone and the server has heard so.
    private static readonly TimeSpan ParkingTakes = TimeSpan.FromSeconds(5);

    public IReadOnlyList<McpServerTool> All =>
    [
        McpServerTool.Create(AskHumanAsync, Options("ask_human")),
        McpServerTool.Create(ReportProgressAsync, Options("report_progress")),
        McpServerTool.Create(GetTaskAsync, Options("get_task", readOnly: true)),
        McpServerTool.Create(CreateSubtaskAsync, Options("create_subtask")),
        McpServerTool.Create(SendMessageAsync, Options("send_message")),
    ];

    [Description("Ask the people of this task a question and wait for their answer. Use it only for what you cannot find out yourself.")]
    private async Task<string> AskHumanAsync(
        [Description("The question, complete in itself.")] string question,
        [Description("Answers to choose from, if there are natural ones. A free answer is always possible.")] string[]? options = null,
        CancellationToken cancellationToken = default)
    {
        var opened = await OpenAsync(Text(question, "question", 20_000), options ?? [], cancellationToken);
        try
        {
            while (true)
            {
                if (await LookAsync(opened.Id, cancellationToken) is not { } request)
                {
                    continue;
                }

                if (request.State == RequestStatus.Answered)
                {
                    await LetParkingHappenAsync(request, cancellationToken);
                    await DeliveredAsync(request.Id, cancellationToken);
                    var answer = JsonColumn.Read<RequestAnswer>(request.Answer)!;
                    return answer.Text ?? string.Join("\n", answer.Answers!.Values);
                }

                if (request.State == RequestStatus.Cancelled)
                {
                    return $"Nobody will answer: {request.CancelReason}.";
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The agent hung up: nobody waits for an answer any more, and the inbox must not say so.
            await store.WriteAsync(
                agent.OrganizationId,
                async unit =>
                {
                    await desk.HangUpAsync(unit, opened.Id, CancellationToken.None);
                    return true;
                },
                CancellationToken.None);
            throw;
        }
    }

    // Null when the database is away for a moment; the call then waits on.
    private async Task<RequestRow?> LookAsync(Guid requestId, CancellationToken cancellationToken)
    {
        try
        {
            await store.WriteAsync(
                agent.OrganizationId,
                async unit =>
                {
                    await RequestDesk.SeeWaiterAsync(unit, requestId);
                    return true;
                },
                cancellationToken);
            return await waiter.WaitClosedAsync(agent.OrganizationId, requestId, WaitPerLook, cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            await Task.Delay(ParkingTakes, time, cancellationToken);
            return null;
        }
    }

    // An answer that comes while the attempt is being parked may find its agent gone: the next attempt is given it then.
    private async Task LetParkingHappenAsync(RequestRow request, CancellationToken cancellationToken)
    {
        if (request.ParkAskedAt is null)
        {
            return;
        }

        await Task.Delay(ParkingTakes, time, cancellationToken);
        var execution = await store.ReadAsync(agent.OrganizationId, session => ExecutionRecords.GetAsync(session, agent.ExecutionId), cancellationToken);
        if (execution.State != ExecutionStatus.Running)
        {
            throw new McpException("The attempt is over.");
        }
    }

    [Description("Tell the people of this task how far you are: one short line, when something worth telling is done.")]
    private async Task<string> ReportProgressAsync(
        [Description("One line.")] string message,
        [Description("How much is done, 0 to 100, if that can be said.")] int? percent = null,
        CancellationToken cancellationToken = default)
    {
        var line = Text(message, "message", 2000);
        if (percent is < 0 or > 100)
        {
            throw new McpException($"percent is {percent}; it must be 0 to 100.");
        }

        await store.WriteAsync(
            agent.OrganizationId,
            async unit =>
            {
                var execution = await ExecutionRecords.GetAsync(unit, agent.ExecutionId);
                unit.Append(new EventDraft(
                    EventTypes.ExecutionProgress,
                    TaskId: agent.TaskId,
                    ExecutionId: agent.ExecutionId,
                    WorkerId: execution.WorkerId,
                    Data: new { message = line, percent }));
                return true;
            },
            cancellationToken);
        return "Told.";
    }

    [Description("The task that you work on, as it stands now: title, description, status, branches, what people set.")]
    private async Task<string> GetTaskAsync(CancellationToken cancellationToken)
    {
        var task = await store.ReadAsync(agent.OrganizationId, session => TaskRecords.ShowAsync(session, agent.TaskId), cancellationToken);
        return JsonColumn.Write(task)!;
    }

    private Task<RequestRow> OpenAsync(string question, string[] options, CancellationToken cancellationToken)
    {
        var request = new OpenRequestRequest
        {
            Id = Guid.CreateVersion7(),
            Kind = RequestKind.Question,
            Title = question.Length <= 200 ? question : question[..199] + "…",
            Questions = [new RequestQuestion { Question = question, Options = [.. options.Take(100).Select(option => new QuestionOption(Text(option, "an option", 2000)))] }],
        };
        return store.WriteAsync(
            agent.OrganizationId,
            async unit =>
            {
                var execution = await ExecutionRecords.GetAsync(unit, agent.ExecutionId);
                return await desk.OpenAsync(unit, execution, request, RequestRow.ThroughMcp, cancellationToken);
            },
            cancellationToken);
    }

    private Task<bool> DeliveredAsync(Guid requestId, CancellationToken cancellationToken) =>
        store.WriteAsync(
            agent.OrganizationId,
            async unit =>
            {
                await RequestDesk.DeliveredAsync(unit, requestId);
                return true;
            },
            cancellationToken);

    // A model may well write a NUL; no text of the fleet holds one, since one of its databases takes none.
    private static string Text(string text, string name, int longest)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > longest)
        {
            throw new McpException($"{name} must be 1 to {longest} characters; it has {text?.Length ?? 0}.");
        }

        return text.Replace('\0', '\uFFFD');
    }

    private static McpServerToolCreateOptions Options(string name, bool readOnly = false) =>
        new() { Name = name, ReadOnly = readOnly, OpenWorld = false, Destructive = false, SerializerOptions = McpJsonUtilities.DefaultOptions };
}
