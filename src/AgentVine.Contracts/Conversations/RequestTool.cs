using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace AgentVine.Contracts.Conversations;

/// <summary>The tool call that a permission is asked for.</summary>
public sealed record RequestTool
{
    /// <summary>The tool's name, as in <c>Bash</c>.</summary>
    [Required, StringLength(200)]
    public required string Name { get; init; }

    /// <summary>The exact input.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>The input as a person reads it: the command, the path.</summary>
    [StringLength(20_000)]
    public string? Summary { get; init; }
}
