using AgentVine.Testing.Time;
using Xunit;

namespace AgentVine.Worker.Tests.Host;

/// <summary>Waits for what other threads do.</summary>
internal static class Patience
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    /// <summary>Waits until <paramref name="condition"/>; the driven clock stands still.</summary>
    public static Task UntilAsync(Func<bool> condition, string what) => UntilAsync(condition, what, () => { });

    /// <summary>Lets the driven clock run until <paramref name="condition"/>, slowly enough for calls under way to be answered.</summary>
    public static Task RunUntilAsync(this ManualTime time, Func<bool> condition, string what) =>
        UntilAsync(condition, what, () => time.Advance(TimeSpan.FromMilliseconds(100)));

    private static async Task UntilAsync(Func<bool> condition, string what, Action between)
    {
        using var patience = new CancellationTokenSource(Longest, TimeProvider.System);
        while (!condition())
        {
            Assert.False(patience.IsCancellationRequested, $"Waited in vain until {what}.");
            await Task.Delay(Look, TimeProvider.System, TestContext.Current.CancellationToken);
            between();
        }
    }
}
