using AgentVine.Runtimes.Processes;

namespace AgentVine.Runtimes.Tests.Rehearsal;

public sealed class PlainRehearsalFixture() : RehearsalFixture(SandboxKind.None);
