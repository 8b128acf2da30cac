using AgentVine.Runtimes.Processes;

namespace AgentVine.Runtimes.Tests.Processes;

public sealed class BubblewrapLauncherTests() : ProcessLauncherConformance(SandboxKind.Bubblewrap);
