using AgentVine.Testing.Conformance;
using Xunit;

namespace AgentVine.Runtimes.Tests.Rehearsal;

public sealed class PlainRehearsalTests(PlainRehearsalFixture fixture)
    : AgentRuntimeConformance(fixture), IClassFixture<PlainRehearsalFixture>;
