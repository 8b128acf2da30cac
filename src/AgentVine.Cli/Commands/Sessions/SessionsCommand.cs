using System.CommandLine;
using System.Globalization;
using AgentVine.Cli.Ids;
using AgentVine.Cli.Output;
using AgentVine.Contracts.Sessions;

namespace AgentVine.Cli.Commands.Sessions;

/// <summary><c>vine sessions</c></summary>
internal sealed class SessionsCommand : VineCommand
{
    private readonly Option<string> _status = Choices.Of<SessionStatus>("--status", "Only those");
    private readonly Option<string> _task = new("--task") { Description = "Only those of this task", HelpName = "task" };

    public SessionsCommand(CommandContext context)
        : base(context, "sessions", "List the agents' conversations, the newest first")
    {
        Add(_status);
        Add(_task);
    }

    protected override async Task<ExitCode> RunAsync(CommandRun run, CancellationToken cancellationToken)
    {
        Guid? task = run.Get(_task) is { } text ? await IdFinder.TaskAsync(run, text, cancellationToken) : null;
        var sessions = await run.Client.ListSessionsAsync(run.Value<SessionStatus>(_status), task, null, cancellationToken);
        if (run.Json)
        {
            run.WriteData(sessions.Items);
        }
        else if (sessions.Items.Count == 0)
        {
            run.Note("no sessions; an agent's conversation begins when a worker takes a task");
        }
        else
        {
            Show(run, sessions.Items);
        }

        return ExitCode.Ok;
    }

    private static void Show(CommandRun run, IReadOnlyList<SessionView> sessions)
    {
        var table = new TextTable("SESSION", "TASK", "STATUS", "AGENT", "TASKS", "CONTEXT", "COST", "ACTIVE", "AGE") { Flexible = 3 };
        foreach (var session in sessions)
        {
            var status = Words.Of(session.Status) + Words.Doubt(session.UnconfirmedSince, null, run.Context.Time) + (session.EndReason is { } reason ? $" ({Words.Of(reason)})" : "");
            table.Add(
                (session.SessionId, Look.Bold),
                (ShortId.Of(session.TaskId), Look.Plain),
                (status, Look.Of(session.Status)),
                (session.Model is null ? session.Runtime : $"{session.Runtime}, {session.Model}", Look.Plain),
                (session.TasksServed.ToString(CultureInfo.InvariantCulture), Look.Plain),
                (session is { ContextTokens: { } used, ContextWindow: { } window } ? $"{100 * used / window}%" : "", Look.Plain),
                (session.CostUsd is { } cost ? Words.Dollars(cost) : "", Look.Plain),
                (Words.Age(session.LastActivityAt, run.Context.Time) + " ago", Look.Dim),
                (Words.Age(session.CreatedAt, run.Context.Time), Look.Dim));
        }

        table.Write(run.Painter, run.Width);
    }
}
