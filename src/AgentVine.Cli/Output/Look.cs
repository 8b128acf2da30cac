using AgentVine.Contracts.Sessions;
using AgentVine.Contracts.Tasks;
using AgentVine.Contracts.Workers;
using Spectre.Console;

namespace AgentVine.Cli.Output;

/// <summary>The few styles there are, in the terminal's own sixteen colours.</summary>
internal static class Look
{
    public static readonly Style Plain = Style.Plain;
    public static readonly Style Dim = new(decoration: Decoration.Dim);
    public static readonly Style Bold = new(decoration: Decoration.Bold);
    public static readonly Style Good = new(Color.Green);
    public static readonly Style Bad = new(Color.Red);
    public static readonly Style Attention = new(Color.Yellow);
    public static readonly Style Tool = new(Color.Teal);
    public static readonly Style Person = new(Color.Blue);

    public static Style Of(AgentTaskStatus status) => status switch
    {
        AgentTaskStatus.Completed => Good,
        AgentTaskStatus.Failed => Bad,
        AgentTaskStatus.Waiting or AgentTaskStatus.InReview or AgentTaskStatus.Blocked => Attention,
        AgentTaskStatus.InProgress => Tool,
        AgentTaskStatus.Cancelled => Dim,
        _ => Plain,
    };

    public static Style Of(WorkerStatus status) => status switch
    {
        WorkerStatus.Busy => Tool,
        WorkerStatus.Waiting or WorkerStatus.Draining => Attention,
        WorkerStatus.Error => Bad,
        WorkerStatus.Offline => Dim,
        _ => Good,
    };

    public static Style Of(SessionStatus status) => status switch
    {
        SessionStatus.Active => Tool,
        SessionStatus.Waiting => Attention,
        SessionStatus.Terminated => Dim,
        _ => Plain,
    };
}
