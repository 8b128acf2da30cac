namespace AgentVine.Architecture.Tests.Metadata.Samples.Upper;

/// <summary>What the samples use.</summary>
internal class Thing : Exception
{
    public static Thing Make() => new();

    public static Task<Thing> MakeAsync() => Task.FromResult(new Thing());
}
