using System.Text.Json;
using AgentVine.Contracts.Executions;
using AgentVine.Runtimes.ClaudeCode;
using Xunit;

namespace AgentVine.Runtimes.Tests.ClaudeCode;

public sealed class ClaudeOutputTests
{
    [Theory]
    [InlineData("Bash", """{"command":"npm test\nnpm run lint","description":"Test"}""", "Bash: npm test …")]
    [InlineData("Edit", """{"file_path":"/a/b.cs","old_string":"x"}""", "Edit: /a/b.cs")]
    [InlineData("Grep", """{"pattern":"TODO","path":"src"}""", "Grep: TODO")]
    [InlineData("WebFetch", """{"url":"https://example.org","prompt":"Read"}""", "WebFetch: https://example.org")]
    [InlineData("Agent", """{"description":"Look around","prompt":"Look"}""", "Agent: Look around")]
    [InlineData("mcp__x__y", """{"count":3}""", """mcp__x__y: {"count":3}""")]
    [InlineData("EnterPlanMode", "{}", "EnterPlanMode")]
    public void ToolUse_IsOneLine(string tool, string input, string expected)
    {
        var line = $$$"""{"type":"assistant","message":{"content":[{"type":"tool_use","id":"t","name":"{{{tool}}}","input":{{{input}}} }]}}""";

        Assert.Equal((OutputKind.ToolUse, expected), Describe(line));
    }

    [Theory]
    [InlineData("""{"type":"user","message":{"content":[{"type":"tool_result","content":"plain"}]}}""", OutputKind.ToolResult, "plain")]
    [InlineData(
        """{"type":"user","message":{"content":[{"type":"tool_result","content":[{"type":"text","text":"a"},{"type":"image"}]}]}}""",
        OutputKind.ToolResult,
        "a\n[image]")]
    [InlineData("""{"type":"user","message":{"content":"Hello"}}""", OutputKind.System, null)]
    [InlineData("""{"type":"result","subtype":"success","is_error":true,"result":"API Error: 500"}""", OutputKind.Result, "API Error: 500")]
    [InlineData("""{"type":"result","terminal_reason":"aborted_tools","errors":["[ede_diagnostic] x"]}""", OutputKind.Result, "The turn was interrupted.")]
    [InlineData(
        """{"type":"system","subtype":"api_retry","attempt":1,"max_retries":2,"retry_delay_ms":596.4,"error_status":null}""",
        OutputKind.Note,
        "model API did not answer, retry 1 of 2 in 0.6 s")]
    [InlineData("""{"type":"control_request","request":{"subtype":"can_use_tool"}}""", OutputKind.System, null)]
    [InlineData("""{"type":"something_new","message":[1]}""", OutputKind.System, null)]
    [InlineData("""{"type":"assistant","message":"surprise"}""", OutputKind.System, null)]
    public void Line_IsToldForPeople(string line, OutputKind kind, string? text) => Assert.Equal((kind, text), Describe(line));

    private static (OutputKind Kind, string? Text) Describe(string line) => ClaudeOutput.Describe(JsonDocument.Parse(line).RootElement);
}
