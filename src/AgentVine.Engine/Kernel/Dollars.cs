namespace AgentVine.Engine.Kernel;

/// <summary>Money is integer millionths of a US dollar in the database, decimal dollars on the wire.</summary>
public static class Dollars
{
    private const decimal Millionths = 1_000_000;

    /// <summary>The stored form of an amount; what is less than a millionth is rounded up, so that nothing is free.</summary>
    public static long Micros(this decimal dollars) => (long)decimal.Ceiling(dollars * Millionths);

    /// <summary>The amount that was stored.</summary>
    public static decimal Dollar(this long micros) => micros / Millionths;

    /// <summary>The amount that was stored, if any.</summary>
    public static decimal? Dollar(this long? micros) => micros?.Dollar();
}
