using AgentVine.Architecture.Tests.Metadata.Samples;
using Xunit;

namespace AgentVine.Architecture.Tests.Metadata;

/// <summary>The wall stands on this reader: each way of using a type is tried on samples of this assembly.</summary>
public sealed class TypeUsesTests
{
    private const string Upper = "AgentVine.Architecture.Tests.Metadata.Samples.Upper";
    private static readonly IReadOnlySet<(TypeName User, TypeName Used)> Uses = TypeUses.Of(typeof(TypeUsesTests).Assembly.Location);

    [Theory]
    [InlineData(nameof(InAField))]
    [InlineData(nameof(InAParameter))]
    [InlineData(nameof(InALambda))]
    [InlineData(nameof(InAnInferredLocal))]
    [InlineData(nameof(InAnAwait))]
    [InlineData(nameof(InATypeArgument))]
    [InlineData(nameof(InAnAttribute))]
    [InlineData(nameof(InABaseType))]
    [InlineData(nameof(InACatch))]
    [InlineData(nameof(InATypeOf))]
    public void Use_IsSeen(string user) => Assert.Contains(Uses, use => use.User.Name == user && use.Used.Namespace == Upper);

    [Fact]
    public void Use_IsNotSeen_WhereThereIsNone() =>
        Assert.DoesNotContain(Uses, use => use.User.Name == nameof(Nowhere) && use.Used.Namespace == Upper);
}
