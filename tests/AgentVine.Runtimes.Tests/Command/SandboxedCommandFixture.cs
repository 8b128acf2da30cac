using AgentVine.Runtimes.Processes;

namespace AgentVine.Runtimes.Tests.Command;

public sealed class SandboxedCommandFixture() : CommandFixture(SandboxKind.Bubblewrap);
