namespace AgentVine.Testing.Conformance;

/// <summary>One act of a random history: what, and two numbers that pick whom it is about among those there are.</summary>
public readonly record struct QueueStep(QueueVerb Verb, int One, int Two);
