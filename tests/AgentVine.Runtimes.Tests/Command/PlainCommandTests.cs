using AgentVine.Testing.Conformance;
using Xunit;

namespace AgentVine.Runtimes.Tests.Command;

public sealed class PlainCommandTests(PlainCommandFixture fixture) : AgentRuntimeConformance(fixture), IClassFixture<PlainCommandFixture>;
