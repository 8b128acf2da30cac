using AgentVine.Runtimes.Processes;

namespace AgentVine.Runtimes.Tests.Command;

public sealed class PlainCommandFixture() : CommandFixture(SandboxKind.None);
