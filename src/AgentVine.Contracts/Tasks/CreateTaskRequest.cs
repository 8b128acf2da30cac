using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace AgentVine.Contracts.Tasks;

/// <summary>The body of <c>POST /api/v1/tasks</c>. Unknown members are refused.</summary>
public sealed record CreateTaskRequest
{
    /// <summary>One line that says what is wanted.</summary>
    [Required, StringLength(200), SingleLine]
    public string? Title { get; init; }

    /// <summary>The whole wish, in Markdown.</summary>
    [StringLength(65_536)]
    public string? Description { get; init; }

    /// <summary>Default: <c>feature</c>.</summary>
    public TaskType? TaskType { get; init; }

    /// <summary>Default: <c>normal</c>.</summary>
    public TaskPriority? Priority { get; init; }

    /// <summary>Default: <c>autonomous</c>.</summary>
    public PermissionLevel? PermissionLevel { get; init; }

    /// <summary>A git URL (https, http, ssh, git, file, or <c>user@host:path</c>) or an absolute local path.</summary>
    [Required, StringLength(2048), SingleLine]
    public string? RepositoryUrl { get; init; }

    /// <summary>The target branch; the repository's default branch when absent.</summary>
    [StringLength(255), SingleLine]
    public string? BranchName { get; init; }

    /// <summary>An object that is shown to the agent with the description. At most 64 KiB of JSON, as are the next two.</summary>
    [JsonObjectSize(65_536)]
    public JsonElement? Context { get; init; }

    /// <summary>An object for the runtime (a <c>command</c> program's name, a rehearsal's playbook).</summary>
    [JsonObjectSize(65_536)]
    public JsonElement? Payload { get; init; }

    /// <summary>An object that is kept and given back, and shown to nobody else.</summary>
    [JsonObjectSize(65_536)]
    public JsonElement? Metadata { get; init; }

    /// <summary>Seconds of agent time for one attempt, waiting for people not counted. Default: 3600.</summary>
    [Range(1, 604_800)]
    public int? Timeout { get; init; }

    /// <summary>Tasks that must be completed first.</summary>
    [MaxLength(100)]
    public IReadOnlyList<Guid>? DependsOn { get; init; }

    /// <summary><c>claude-code</c>, <c>command</c> or <c>rehearsal</c>; the server's default when absent.</summary>
    [StringLength(64), SingleLine]
    public string? Runtime { get; init; }

    /// <summary>The model's name or alias, as the runtime knows it.</summary>
    [StringLength(128), SingleLine]
    public string? Model { get; init; }

    /// <summary>How often the task is tried before it fails. Default: 3.</summary>
    [Range(1, 20)]
    public int? MaxAttempts { get; init; }

    /// <summary>What its model calls may cost in all its attempts together, in US dollars of list price; no limit when absent.</summary>
    [Range(0.01, 1_000_000.0)]
    public decimal? BudgetUsd { get; init; }
}
