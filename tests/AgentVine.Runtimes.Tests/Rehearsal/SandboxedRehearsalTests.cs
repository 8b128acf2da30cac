using AgentVine.Testing.Conformance;
using Xunit;

namespace AgentVine.Runtimes.Tests.Rehearsal;

public sealed class SandboxedRehearsalTests(SandboxedRehearsalFixture fixture)
    : AgentRuntimeConformance(fixture), IClassFixture<SandboxedRehearsalFixture>;
