using System.Text;
using AgentVine.Contracts;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Repositories;
using AgentVine.Engine.Tasks;
using AgentVine.Engine.Tasks.Queue;
using AgentVine.Engine.Tests.Http;
using AgentVine.Testing.Conformance;
using AgentVine.Testing.Databases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentVine.Engine.Tests.Tasks;

public sealed class AgentTaskTransitionsTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    private static readonly AgentTaskStatus[] States = Enum.GetValues<AgentTaskStatus>();

    public static TheoryData<AgentTaskStatus> AllStates => [.. States];

    [Theory]
    [MemberData(nameof(AllStates))]
    public async Task Move_IsRefusedAndChangesNothing_WhenTheTableLacksIt(AgentTaskStatus from)
    {
        await using var fleet = new QueueFleet(database.Store, new QueueTime());
        var task = await InStateAsync(fleet, from);

        foreach (var to in States.Where(to => !AgentTaskTransitions.Allows(from, to)))
        {
            var refusal = await Assert.ThrowsAsync<ProblemException>(() => fleet.Store.WriteAsync(
                Organizations.Default,
                async unit =>
                {
                    var row = await TaskRecords.LockAsync(unit, task);
                    await fleet.Get<TaskRecords>().MoveAsync(unit, row, to, "moved", "because", "person", default);
                    return true;
                },
                default));

            Assert.Equal((409, ErrorCodes.TasksTransition), (refusal.Status, refusal.Code));
            Assert.Equal(from, (await fleet.TaskAsync(task)).Status);
        }
    }

    [Theory]
    [MemberData(nameof(AllStates))]
    public async Task Route_AnswersConflictAndChangesNothing_WhenTheTableLacksItsMove(AgentTaskStatus from)
    {
        await using var fleet = new QueueFleet(database.Store, new QueueTime());
        await using var server = await HttpServer.StartAsync(routes => routes.MapTasks(), store: database.Store, add: services => services
            .AddSingleton(fleet.Get<CancelTask>())
            .AddSingleton(fleet.Get<TaskRequeue>())
            .AddSingleton(fleet.Get<RequeueDeadLetter>())
            .AddSingleton(fleet.Get<TasksOptions>())
            .AddSingleton(fleet.Get<TaskReview>())
            .AddSingleton(fleet.Get<CreateTask>())
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddRepositories(Path.GetDirectoryName(database.Path)!));
        var task = await InStateAsync(fleet, from);
        var (before, events) = (await fleet.TaskAsync(task), await fleet.EventsAsync());

        foreach (var route in RoutesRefusedIn(from))
        {
            using var body = Replies.Json("""{"comment":"not yet"}""");
            var reply = await server.KeyClient.PostAsync(
                route.Replace("{id}", task.ToString(), StringComparison.Ordinal),
                route.EndsWith("accept", StringComparison.Ordinal) || route.EndsWith("reject", StringComparison.Ordinal) ? body : null);

            await reply.ProblemAsync(409, ErrorCodes.TasksTransition);
        }

        Assert.Equal(VineJson.Name(from), VineJson.Name((await fleet.TaskAsync(task)).Status));
        Assert.Equal(before.UpdatedAt, (await fleet.TaskAsync(task)).UpdatedAt);
        Assert.Equal(events.Count, (await fleet.EventsAsync()).Count);
    }

    [Fact]
    public async Task Readme_ShowsTheTable()
    {
        var readme = await File.ReadAllTextAsync(
            Path.Join(Root(), "src", "AgentVine.Engine", "Tasks", "README.md"), TestContext.Current.CancellationToken);

        Assert.True(
            readme.ReplaceLineEndings("\n").Contains(Diagram(), StringComparison.Ordinal),
            $"The state diagram in src/AgentVine.Engine/Tasks/README.md is not the table's. It must read:\n{Diagram()}");
    }

    private static IEnumerable<string> RoutesRefusedIn(AgentTaskStatus from)
    {
        var all = new (string Route, bool Refused)[]
        {
            ("/api/v1/tasks/{id}/cancel", !AgentTaskTransitions.Allows(from, AgentTaskStatus.Cancelled)),
            ("/api/v1/tasks/{id}/retry", from != AgentTaskStatus.Failed),
            ("/api/v1/queue/dead-letter/{id}/requeue", from != AgentTaskStatus.Failed),
            ("/api/v1/tasks/{id}/accept", from != AgentTaskStatus.InReview),
            ("/api/v1/tasks/{id}/reject", from != AgentTaskStatus.InReview),
        };
        return all.Where(route => route.Refused).Select(route => route.Route);
    }

    // Brought there by what people and workers say, not by writing the row.
    private async Task<Guid> InStateAsync(QueueFleet fleet, AgentTaskStatus state)
    {
        await QueueGround.ClearAsync(database.Store);
        var task = await fleet.FileAsync(
            permission: state == AgentTaskStatus.InReview ? PermissionLevel.Supervised : PermissionLevel.Autonomous,
            dependsOn: state == AgentTaskStatus.Blocked ? [(await fleet.FileAsync("first")).Id] : []);
        if (state is AgentTaskStatus.Queued or AgentTaskStatus.Blocked)
        {
            return task.Id;
        }

        var order = (await fleet.ClaimAsync(await fleet.RegisterAsync()))!;
        Task act = state switch
        {
            AgentTaskStatus.Waiting => fleet.AskAsync(order),
            AgentTaskStatus.InReview or AgentTaskStatus.Completed => fleet.CompleteAsync(order),
            AgentTaskStatus.Failed => fleet.FailAsync(order, FailureKind.Permanent),
            AgentTaskStatus.Cancelled => fleet.CancelAsync(task.Id),
            _ => Task.CompletedTask,
        };
        await act;
        Assert.Equal(state, (await fleet.TaskAsync(task.Id)).Status);
        return task.Id;
    }

    private static string Diagram()
    {
        var diagram = new StringBuilder("```mermaid\nstateDiagram-v2\n");
        foreach (var move in AgentTaskTransitions.All)
        {
            // A semicolon would end the line for Mermaid.
            var when = move.When.Replace(';', ',');
            diagram.Append($"    {(move.From is { } from ? VineJson.Name(from) : "[*]")} --> {VineJson.Name(move.To)}: {when}\n");
        }

        return diagram.Append("```\n").ToString();
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Join(folder.FullName, "AgentVine.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"No AgentVine.slnx above {AppContext.BaseDirectory}.");
        }

        return folder.FullName;
    }
}
