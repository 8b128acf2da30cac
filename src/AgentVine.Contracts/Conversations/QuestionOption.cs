namespace AgentVine.Contracts.Conversations;

/// <summary>One choice of a question.</summary>
public sealed record QuestionOption(string Label, string? Description = null);
