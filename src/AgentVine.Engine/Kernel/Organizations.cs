namespace AgentVine.Engine.Kernel;

/// <summary>The tenants. There is one until identity brings more.</summary>
public static class Organizations
{
    /// <summary>The organization that every row belongs to today.</summary>
    public static Guid Default { get; } = Guid.Parse("00000000-0000-7000-8000-000000000001");
}
