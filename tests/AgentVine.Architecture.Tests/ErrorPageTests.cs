using System.Reflection;
using AgentVine.Contracts;
using Xunit;

namespace AgentVine.Architecture.Tests;

/// <summary>Every code that a problem can carry is explained, and nothing else is.</summary>
public sealed class ErrorPageTests
{
    [Fact]
    public void ErrorPage_HasASectionForEveryCode()
    {
        var codes = typeof(ErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);
        var sections = File.ReadLines(Path.Combine(SourceTree.Root, "docs", "errors.md"))
            .Where(line => line.StartsWith("## ", StringComparison.Ordinal))
            .Select(line => line[3..].Trim('`', ' '));

        Assert.Equal(codes.Order(), sections.Order());
    }
}
