using AgentVine.Runtimes.Processes;

namespace AgentVine.Runtimes.Tests.Rehearsal;

public sealed class SandboxedRehearsalFixture() : RehearsalFixture(SandboxKind.Bubblewrap);
