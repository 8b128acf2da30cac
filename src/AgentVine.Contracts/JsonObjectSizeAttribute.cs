namespace AgentVine.Contracts;

/// <summary>The member is a JSON object of the caller's own shape, at most <paramref name="maximumBytes"/> long as it was sent.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class JsonObjectSizeAttribute(int maximumBytes) : Attribute
{
    /// <summary>The limit in bytes of UTF-8, white space included.</summary>
    public int MaximumBytes { get; } = maximumBytes;
}
