namespace AgentVine.Architecture.Tests.Metadata;

/// <summary>A type by its names.</summary>
internal sealed record TypeName(string Namespace, string Name)
{
    public override string ToString() => $"{Namespace}.{Name}";
}
