using AgentVine.Runtimes;
using Xunit;

namespace AgentVine.Testing.Conformance;

/// <summary>Reads a run's signals and keeps them; a wait that is not met fails with all that was seen.</summary>
public sealed class AgentTranscript(IAgentRun run)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly List<AgentSignal> _signals = [];

    public IReadOnlyList<AgentSignal> Signals => _signals;

    public IEnumerable<AgentOutput> Outputs => _signals.OfType<AgentOutput>();

    public bool Says(string words) => Outputs.Any(output => Holds(output, words));

    /// <summary>Reads on to the next signal of this kind that fits.</summary>
    public async Task<TSignal> NextAsync<TSignal>(Func<TSignal, bool>? fits = null) where TSignal : AgentSignal
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        try
        {
            await foreach (var signal in run.Signals.ReadAllAsync(patience.Token))
            {
                _signals.Add(signal);
                if (signal is TSignal wanted && (fits is null || fits(wanted)))
                {
                    return wanted;
                }
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"No {typeof(TSignal).Name} within {Patience}. Seen:{Seen()}");
        }

        Assert.Fail($"The signals ended without the {typeof(TSignal).Name} waited for. Seen:{Seen()}");
        throw new InvalidOperationException();
    }

    /// <summary>Reads on to output that holds these words.</summary>
    public Task<AgentOutput> NextSaidAsync(string words) => NextAsync<AgentOutput>(output => Holds(output, words));

    /// <summary>Reads on to the end of the signals.</summary>
    public async Task<AgentExited> ToEndAsync()
    {
        var exited = await NextAsync<AgentExited>();
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        Assert.False(await run.Signals.WaitToReadAsync(patience.Token), "A signal follows the exit.");
        return exited;
    }

    private static bool Holds(AgentOutput output, string words) =>
        output.Text?.Contains(words, StringComparison.Ordinal) == true || output.Raw?.Contains(words, StringComparison.Ordinal) == true;

    private string Seen() => string.Concat(_signals.Select(signal => "\n  " + Short(signal.ToString())));

    private static string Short(string text) => text.Length <= 400 ? text : text[..400] + "…";
}
