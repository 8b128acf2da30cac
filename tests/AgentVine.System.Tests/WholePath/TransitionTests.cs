using AgentVine.Contracts.Events;
using AgentVine.Engine.Tasks;
using AgentVine.Testing.Fleet;
using Xunit;

namespace AgentVine.System.Tests.WholePath;

[Collection(nameof(FleetOfThree))]
public sealed class TransitionTests(FleetOfThree fleet, PlayedScenarios played) : IClassFixture<PlayedScenarios>
{
    public static TheoryData<string> Scenarios => [.. PlayedScenarios.Names];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Task_GoesItsWay_WithARealAgent(string scenario)
    {
        _ = AllAsync();
        await played.OfAsync(fleet.Vine, scenario);
    }

    [Fact]
    public async Task Transitions_AreAllReached_ByRealAgents()
    {
        await AllAsync();

        var events = fleet.Vine.Events.All;
        var seen = events.Where(happened => happened.Type is EventTypes.TaskCreated or EventTypes.TaskStatusChanged).Select(FiledTask.Move).ToHashSet();
        Assert.Equivalent(AgentTaskTransitions.All.Select(move => (move.From, move.To)).Order(), seen.Order(), strict: true);
        Assert.Superset(
            new HashSet<string> { EventTypes.RequestOpened, EventTypes.RequestAnswered, EventTypes.RequestDelivered, EventTypes.RequestCancelled },
            events.Select(happened => happened.Type).ToHashSet());
    }

    private Task AllAsync() => Task.WhenAll(PlayedScenarios.Names.Select(name => played.OfAsync(fleet.Vine, name)));
}
