using System.CommandLine;

namespace AgentVine.Cli.Commands.Tasks;

/// <summary>The argument that names a task.</summary>
internal static class TaskArgument
{
    public static Argument<string> Create() => new("task") { Description = "The task's id, or the end of it" };
}
