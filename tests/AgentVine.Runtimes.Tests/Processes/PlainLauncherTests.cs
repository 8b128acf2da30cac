using AgentVine.Runtimes.Processes;

namespace AgentVine.Runtimes.Tests.Processes;

public sealed class PlainLauncherTests() : ProcessLauncherConformance(SandboxKind.None);
