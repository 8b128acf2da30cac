using AgentVine.Testing.Conformance;
using Xunit;

namespace AgentVine.Runtimes.Tests.Command;

public sealed class SandboxedCommandTests(SandboxedCommandFixture fixture)
    : AgentRuntimeConformance(fixture), IClassFixture<SandboxedCommandFixture>;
