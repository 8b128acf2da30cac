using AgentVine.Testing.Conformance;
using Xunit;

namespace AgentVine.Runtimes.Tests.ClaudeCode;

public sealed class PlainClaudeCodeTests(PlainClaudeCodeFixture fixture) : AgentRuntimeConformance(fixture), IClassFixture<PlainClaudeCodeFixture>;

public sealed class SandboxedClaudeCodeTests(SandboxedClaudeCodeFixture fixture) : AgentRuntimeConformance(fixture), IClassFixture<SandboxedClaudeCodeFixture>;
