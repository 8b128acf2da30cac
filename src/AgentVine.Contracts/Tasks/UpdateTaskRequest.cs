using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace AgentVine.Contracts.Tasks;

/// <summary>
/// The body of <c>PATCH /api/v1/tasks/{id}</c>: what is absent stays. A running attempt goes on with what it was given; the next one begins
/// with what is changed. Of a task that is completed or cancelled, the metadata alone can be changed.
/// </summary>
public sealed record UpdateTaskRequest
{
    /// <inheritdoc cref="CreateTaskRequest.Title"/>
    [StringLength(200), SingleLine]
    public string? Title { get; init; }

    /// <summary>The whole wish, in Markdown; empty takes it away.</summary>
    [StringLength(65_536)]
    public string? Description { get; init; }

    /// <summary>Moves the waiting order to its new place.</summary>
    public TaskPriority? Priority { get; init; }

    /// <inheritdoc cref="CreateTaskRequest.Timeout"/>
    [Range(1, 604_800)]
    public int? Timeout { get; init; }

    /// <summary>How often the task is tried before it fails.</summary>
    [Range(1, 20)]
    public int? MaxAttempts { get; init; }

    /// <summary>What its model calls may cost in all its attempts together; 0 lifts the limit.</summary>
    [Range(0.0, 1_000_000.0)]
    public decimal? BudgetUsd { get; init; }

    /// <summary>The model's name or alias; empty leaves the choice to the runtime.</summary>
    [StringLength(128), SingleLine]
    public string? Model { get; init; }

    /// <summary>All tasks that must be completed first, in place of those it had; while it is blocked, or queued and never begun.</summary>
    [MaxLength(100)]
    public IReadOnlyList<Guid>? DependsOn { get; init; }

    /// <summary>In place of the object it had.</summary>
    [JsonObjectSize(65_536)]
    public JsonElement? Metadata { get; init; }

    /// <summary><c>cancelled</c>, or <c>queued</c> for a task that failed; the fleet makes all other moves, and accept and reject those of a review.</summary>
    public AgentTaskStatus? Status { get; init; }
}
