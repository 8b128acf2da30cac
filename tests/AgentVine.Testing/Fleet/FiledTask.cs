using AgentVine.Contracts;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;
using Xunit;

namespace AgentVine.Testing.Fleet;

/// <summary>A task of a fleet, followed move by move.</summary>
public sealed class FiledTask(VineFleet fleet, Guid id)
{
    private static readonly AgentTaskStatus[] Ends = [AgentTaskStatus.Completed, AgentTaskStatus.Failed, AgentTaskStatus.Cancelled];
    private long _seenMove;
    private long _seenRequest;

    public Guid Id => id;

    /// <summary>Its moves so far; a null origin is creation.</summary>
    public IReadOnlyList<(AgentTaskStatus? From, AgentTaskStatus To)> Moves => [.. Changes().Select(Move)];

    /// <summary>Waits until it moves to <paramref name="status"/>, after what was waited for before. Another end fails the test.</summary>
    public async Task<TaskView> MovesToAsync(AgentTaskStatus status)
    {
        var moved = await fleet.WaitForAsync(
            () =>
            {
                var next = Changes().Where(change => change.Sequence > _seenMove && change.Type == EventTypes.TaskStatusChanged);
                return Task.FromResult(next.FirstOrDefault(change => Move(change).To == status || Ends.Contains(Move(change).To)));
            },
            $"task {id} moves to {VineJson.Name(status)}");
        Assert.True(Move(moved).To == status, $"Task {id} was to move to {VineJson.Name(status)}, but: {moved.Data}");
        _seenMove = moved.Sequence;
        return await ViewAsync();
    }

    /// <summary>Waits for its next request.</summary>
    public async Task<RequestView> AsksAsync()
    {
        var opened = await fleet.WaitForAsync(
            () => Task.FromResult(fleet.Events.All.FirstOrDefault(
                happened => happened.TaskId == id && happened.Type == EventTypes.RequestOpened && happened.Sequence > _seenRequest)),
            $"the agent of task {id} asks");
        _seenRequest = opened.Sequence;
        return await RequestAsync(opened.RequestId!.Value);
    }

    /// <summary>Waits for its next request and answers it.</summary>
    public async Task<RequestView> AsksAndGetsAsync(RequestAnswer answer)
    {
        var request = await AsksAsync();
        return await fleet.Client.AnswerRequestAsync(request.Id, answer, CancellationToken.None);
    }

    /// <summary>Allows what it asks for next.</summary>
    public async Task<RequestView> IsAllowedAsync()
    {
        var request = await AsksAndGetsAsync(new RequestAnswer { Decision = AnswerDecision.Allow });
        Assert.Equal(RequestKind.Permission, request.Kind);
        return request;
    }

    public Task<RequestView> RequestAsync(Guid requestId) => fleet.Client.GetRequestAsync(requestId, 0, CancellationToken.None);

    public Task<TaskView> ViewAsync() => fleet.Client.GetTaskAsync(id, CancellationToken.None);

    /// <summary>Waits until its newest attempt has ended.</summary>
    public Task<ExecutionView> EndsAsync() => fleet.WaitForAsync(
        async () => await ExecutionAsync() is { EndedAt: not null } ended ? ended : null, $"the newest attempt of task {id} ends");

    /// <summary>Its newest attempt.</summary>
    public async Task<ExecutionView> ExecutionAsync() => (await fleet.Client.ListTaskExecutionsAsync(id, CancellationToken.None))[^1];

    /// <summary>Where its newest attempt works: a folder of that name below the attempt's own.</summary>
    public async Task<string> FolderAsync(string name)
    {
        var execution = await ExecutionAsync();
        var attempts = Directory.EnumerateDirectories(fleet.DataFolder, $"{execution.Id}", SearchOption.AllDirectories);
        return Path.Join(attempts.Single(), name);
    }

    /// <summary>All lines of its newest attempt's output.</summary>
    public async Task<IReadOnlyList<OutputLine>> OutputAsync() =>
        await fleet.Client.ReadOutputAsync((await ExecutionAsync()).Id, 0, 1000, 0, CancellationToken.None);

    /// <summary>Its diff as text.</summary>
    public async Task<string> DiffAsync()
    {
        using var diff = new MemoryStream();
        await fleet.Client.CopyDiffAsync(id, diff, CancellationToken.None);
        return System.Text.Encoding.UTF8.GetString(diff.ToArray());
    }

    private IEnumerable<EventView> Changes() =>
        fleet.Events.All.Where(happened => happened.TaskId == id && (happened.Type is EventTypes.TaskStatusChanged or EventTypes.TaskCreated));

    /// <summary>The move that an event of a task's status tells.</summary>
    public static (AgentTaskStatus? From, AgentTaskStatus To) Move(EventView change) => change.Type == EventTypes.TaskCreated
        ? (null, VineJson.Parse<AgentTaskStatus>(change.Data!.Value.GetProperty("status").GetString()!))
        : (VineJson.Parse<AgentTaskStatus>(change.Data!.Value.GetProperty("from").GetString()!),
           VineJson.Parse<AgentTaskStatus>(change.Data!.Value.GetProperty("to").GetString()!));
}
