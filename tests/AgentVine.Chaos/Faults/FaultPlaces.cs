using AgentVine.Chaos.Fleet;

namespace AgentVine.Chaos.Faults;

/// <summary>Every place there is. A new one is a line here, and a call of <c>FaultPoints.Reach</c> where it needs an exact spot.</summary>
internal static class FaultPlaces
{
    public static IReadOnlyList<FaultPlace> All { get; } =
    [
        Armed(FaultKind.Worker, "claimed", "worker.claim_received", WorkShape.Plain, real: true),
        Armed(FaultKind.Worker, "started", "worker.agent_started", WorkShape.Commits, real: true),
        Armed(FaultKind.Worker, "first output", "worker.news_answered", WorkShape.Commits, real: true),
        Seen(FaultKind.Worker, "question open", "request.opened", WorkShape.Asks, holds: true, real: true),
        Armed(FaultKind.Worker, "answered before delivery", "worker.answer_received", WorkShape.Asks, real: true),
        Armed(FaultKind.Worker, "checkpoint half taken", "worker.checkpoint_transcript_taken", WorkShape.Commits, real: true),
        Armed(FaultKind.Worker, "checkpoint stored", "worker.checkpoint_answered", WorkShape.Commits),
        Armed(FaultKind.Worker, "work done and not reported", "worker.end_stored", WorkShape.Plain, real: true),
        Armed(FaultKind.Worker, "recorded and not forgotten", "worker.end_answered", WorkShape.Plain),
        Seen(FaultKind.Worker, "reported and not recorded", "execution.branch_stored", WorkShape.Plain, Strike.KilledBehindAPausedServer),
        Seen(FaultKind.Worker, "at work", "session.opened", WorkShape.Commits),
        Seen(FaultKind.Worker, "paused past its lease", "session.opened", WorkShape.Commits, Strike.PausedPastALease),

        Armed(FaultKind.Server, "claimed", "server.claim_committed", WorkShape.Plain),
        Seen(FaultKind.Server, "started", "session.opened", WorkShape.Plain, real: true),
        Armed(FaultKind.Server, "first output", "server.output_committed", WorkShape.Plain),
        Seen(FaultKind.Server, "question open", "request.opened", WorkShape.WantsPermission, holds: true, real: true),
        Armed(FaultKind.Server, "answered before delivery", "server.answer_committed", WorkShape.Asks, real: true),
        Seen(FaultKind.Server, "work done and not reported", "execution.branch_stored", WorkShape.Plain),
        Armed(FaultKind.Server, "reported and not recorded", "server.end_received", WorkShape.Plain, real: true),
        Armed(FaultKind.Server, "recorded and not answered", "server.end_committed", WorkShape.Plain, real: true),
        Seen(FaultKind.Server, "away past a lease", "session.opened", WorkShape.Long, Strike.AwayPastALease),
        Seen(FaultKind.Server, "paused past a lease", "session.opened", WorkShape.Long, Strike.PausedPastALease),

        Seen(FaultKind.Agent, "started", "session.opened", WorkShape.Runs, real: true),
        Seen(FaultKind.Agent, "question open", "request.opened", WorkShape.Asks, holds: true, real: true, rehearsed: false),
        Seen(FaultKind.Agent, "answered before delivery", "request.answered", WorkShape.Asks, real: true, rehearsed: false),

        Seen(FaultKind.Worker, "parked", "execution.ended", WorkShape.Asks, holds: true),
        Armed(FaultKind.Server, "checkpoint half stored", "server.checkpoint_ref_moved", WorkShape.Commits, real: true) with { IsLookedAtAlone = true },
        Seen(FaultKind.Server, "parked", "execution.ended", WorkShape.Asks, holds: true, real: true),

        Armed(FaultKind.Database, "claimed", "before:work_order.claimed", WorkShape.Plain),
        Armed(FaultKind.Database, "claimed, committed", "after:work_order.claimed", WorkShape.Plain),
        Armed(FaultKind.Database, "started", "after:session.opened", WorkShape.Plain),
        Armed(FaultKind.Database, "question open", "after:request.opened", WorkShape.Asks),
        Armed(FaultKind.Database, "answered before delivery", "after:request.answered", WorkShape.Asks),
        Armed(FaultKind.Database, "answer not committed", "before:request.answered", WorkShape.Asks),
        Armed(FaultKind.Database, "checkpoint half stored", "before:execution.checkpoint_stored", WorkShape.Commits),
        Armed(FaultKind.Database, "work done and not reported", "after:execution.branch_stored", WorkShape.Plain),
        Armed(FaultKind.Database, "reported and not recorded", "before:execution.ended", WorkShape.Plain),
        Armed(FaultKind.Database, "recorded and not answered", "after:execution.ended", WorkShape.Plain),

        new(FaultKind.Environment, "disk of the server full", Strike.DiskFull, WorkShape.Plain) { Trigger = "" },
    ];

    private static FaultPlace Armed(FaultKind kind, string point, string trigger, WorkShape shape, bool real = false) =>
        new(kind, point, Strike.AtItsPoint, shape) { Trigger = trigger, TakesRealAgents = real };

    private static FaultPlace Seen(
        FaultKind kind, string point, string trigger, WorkShape shape, Strike strike = Strike.Killed, bool holds = false, bool real = false, bool rehearsed = true) =>
        new(kind, point, strike, shape) { Trigger = trigger, Holds = holds, TakesRealAgents = real, TakesRehearsals = rehearsed };
}
