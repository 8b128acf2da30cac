using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Worker.Accounts;

/// <summary>What an attempt's model calls came to, by minute and model. Safe to use from any thread.</summary>
internal sealed class UsageLedger(PriceTable prices, TimeProvider time)
{
    // By the common rule of thumb; what a call came to is booked when it has ended.
    private const long BytesPerToken = 4;
    private const long FirstOutput = 2000;
    private const int LongestModel = 128;
    private readonly Lock _gate = new();
    private readonly Dictionary<(DateTimeOffset Minute, string Model), UsageRow> _rows = [];
    private readonly HashSet<(DateTimeOffset Minute, string Model)> _changed = [];
    private readonly Dictionary<string, Recent> _recent = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unpriced = new(StringComparer.Ordinal);
    private decimal _cost;
    private TokenCount _tokens = TokenCount.Zero;
    private long _calls;

    /// <summary>Calls, their list price in US dollars and their tokens.</summary>
    public (long Calls, decimal CostUsd, TokenCount Tokens) Total
    {
        get
        {
            lock (_gate)
            {
                return (_calls, Rounded(_cost), _tokens);
            }
        }
    }

    /// <summary>Books a call. Returns what it cost, and the model's name where that has no price, once.</summary>
    /// <param name="usage">What it came to.</param>
    /// <param name="requestBytes">How long its body was.</param>
    public (decimal Cost, string? Unpriced) Add(CallUsage usage, long requestBytes)
    {
        var model = Name(usage.Model);
        var cost = prices.CostOf(usage);
        var now = time.GetUtcNow().UtcDateTime;
        var key = (Minute: new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, now.Minute, 0, TimeSpan.Zero), model);
        lock (_gate)
        {
            _calls++;
            _cost += cost;
            _tokens += new TokenCount(usage.Input, usage.Output, usage.CacheRead, usage.CacheWrite);
            var row = _rows.GetValueOrDefault(key) ?? new UsageRow { Minute = key.Minute, Model = model };
            _rows[key] = row with
            {
                Calls = row.Calls + 1,
                Input = row.Input + usage.Input,
                Output = row.Output + usage.Output,
                CacheRead = row.CacheRead + usage.CacheRead,
                CacheWrite = row.CacheWrite + usage.CacheWrite,
                CostUsd = row.CostUsd + cost,
            };
            _changed.Add(key);
            var perByte = requestBytes > 0 ? prices.PromptCostOf(usage) / requestBytes : (decimal?)null;
            var bare = PriceTable.Bare(model);
            _recent[bare] = _recent.TryGetValue(bare, out var recent) ? recent.With(perByte, usage.Output) : new Recent(perByte, usage.Output);
            return (cost, !prices.Knows(usage.Model) && _unpriced.Add(model) ? model : null);
        }
    }

    /// <summary>What a call may well cost: a prompt of this length at what the model's recent ones came to, and its mean recent output.</summary>
    public decimal Estimate(string? model, long requestBytes)
    {
        var price = prices.PriceOf(model);
        lock (_gate)
        {
            var recent = _recent.GetValueOrDefault(PriceTable.Bare(Name(model)));
            var prompt = requestBytes * (recent?.PromptUsdPerByte ?? price.Input / BytesPerToken / 1_000_000m);
            return prompt + ((recent?.Output ?? FirstOutput) * price.Output / 1_000_000m);
        }
    }

    /// <summary>The rows that changed since the last call, as they stand.</summary>
    public IReadOnlyList<UsageRow> TakeChanged()
    {
        lock (_gate)
        {
            var rows = _changed.Select(key => _rows[key]).OrderBy(row => row.Minute).Select(row => row with { CostUsd = Rounded(row.CostUsd) }).ToList();
            _changed.Clear();
            return rows;
        }
    }

    private static decimal Rounded(decimal cost) => decimal.Round(cost, 6, MidpointRounding.AwayFromZero);

    private static string Name(string? model)
    {
        var name = new string([.. (model ?? string.Empty).Where(character => !char.IsControl(character)).Take(LongestModel)]);
        return string.IsNullOrWhiteSpace(name) ? "unknown" : name;
    }

    // Newer calls count more: a conversation's cache warms up, and turns get longer.
    private sealed record Recent(decimal? PromptUsdPerByte, long Output)
    {
        public Recent With(decimal? perByte, long output) => new(
            perByte is null ? PromptUsdPerByte : PromptUsdPerByte is { } before ? (before + perByte) / 2 : perByte,
            (Output + output) / 2);
    }
}
