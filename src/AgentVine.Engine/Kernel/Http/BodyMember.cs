namespace AgentVine.Engine.Kernel.Http;

/// <summary>One member of a <see cref="BodyShape"/>.</summary>
internal sealed record BodyMember(Type Type, MemberRules Rules);
