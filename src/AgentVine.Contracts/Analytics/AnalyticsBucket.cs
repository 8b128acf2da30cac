namespace AgentVine.Contracts.Analytics;

/// <summary>The pieces that a range is cut into, at their UTC boundaries; the first and the last are as long as the range leaves them.</summary>
public enum AnalyticsBucket
{
    /// <summary>By the minute.</summary>
    Minute,

    /// <summary>By the hour.</summary>
    Hour,

    /// <summary>By the day.</summary>
    Day,
}
