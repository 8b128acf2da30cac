using System.Text.RegularExpressions;

namespace AgentVine.Worker.Accounts;

/// <summary>List prices of models, by their ids without date. What is not in it costs as much as the dearest that is.</summary>
internal sealed partial class PriceTable
{
    private const decimal WebSearch = 0.01m;
    private const decimal InTheUs = 1.1m;
    private const decimal Million = 1_000_000m;

    // As Claude Code 2.1.330 has them; a test compares what it makes of a run with what this does.
    private static readonly Dictionary<string, ModelPrice> Known = new(StringComparer.Ordinal)
    {
        ["claude-3-haiku"] = new(0.25m, 1.25m, 0.3m, 0.03m),
        ["claude-3-5-haiku"] = new(0.8m, 4, 1, 0.08m),
        ["claude-haiku-4-5"] = new(1, 5, 1.25m, 0.1m),
        ["claude-haiku-5-5"] = new(0.1m, 0.5m, 0.125m, 0.01m) { LongPrompt = 100_000, LongFactor = 5 },
        ["claude-3-sonnet"] = Of(3, 15),
        ["claude-3-5-sonnet"] = Of(3, 15),
        ["claude-3-7-sonnet"] = Of(3, 15),
        ["claude-sonnet-4"] = Of(3, 15),
        ["claude-sonnet-4-0"] = Of(3, 15),
        ["claude-sonnet-4-5"] = Of(3, 15),
        ["claude-sonnet-4-6"] = Of(3, 15),
        ["claude-sonnet-5"] = Of(2, 10),
        ["claude-sonnet-5-5"] = Of(2, 10) with { CacheRead = 0.1m },
        ["claude-3-opus"] = Of(15, 75),
        ["claude-opus-4"] = Of(15, 75),
        ["claude-opus-4-0"] = Of(15, 75),
        ["claude-opus-4-1"] = Of(15, 75),
        ["claude-opus-4-5"] = Of(5, 25),
        ["claude-opus-4-6"] = Of(5, 25) with { Fast = 6 },
        ["claude-opus-4-7"] = Of(5, 25) with { Fast = 6 },
        ["claude-opus-4-8"] = Of(5, 25) with { Fast = 2 },
        ["claude-opus-5"] = Of(5, 25) with { Fast = 2 },
        ["claude-opus-5-5"] = Of(4, 20) with { CacheRead = 0.2m, Fast = 2 },
        ["claude-fable-5"] = Of(10, 50),
        ["claude-fable-5-1"] = Of(10, 50) with { CacheRead = 0.25m },
        ["claude-fable-5-2"] = Of(8, 40) with { CacheRead = 0.2m, Fast = 2 },
        ["claude-mythos-5"] = Of(10, 50),
        ["claude-mythos-5-1"] = Of(10, 50) with { CacheRead = 0.25m },
        ["claude-mythos-5-2"] = Of(8, 40) with { CacheRead = 0.2m, Fast = 2 },
    };

    private readonly Dictionary<string, ModelPrice> _prices;
    private readonly ModelPrice _dearest;

    /// <param name="own">Prices that stand over the table's, by the same ids.</param>
    public PriceTable(IReadOnlyDictionary<string, ModelPrice> own)
    {
        _prices = new Dictionary<string, ModelPrice>(Known, StringComparer.Ordinal);
        foreach (var (model, price) in own)
        {
            _prices[Bare(model)] = price;
        }

        _dearest = _prices.Values.MaxBy(price => price.Output)!;
    }

    /// <summary>Whether the model is in the table, and does not cost what the dearest does for want of a price.</summary>
    public bool Knows(string? model) => _prices.ContainsKey(Bare(model));

    /// <summary>A model's price.</summary>
    public ModelPrice PriceOf(string? model) => _prices.GetValueOrDefault(Bare(model), _dearest);

    /// <summary>What a call cost, in US dollars.</summary>
    public decimal CostOf(CallUsage usage) =>
        (TokensCost(PriceOf(usage.Model), usage) * (usage.IsInUs ? InTheUs : 1)) + (usage.WebSearches * WebSearch);

    /// <summary>What of a call's cost is its prompt's, in US dollars.</summary>
    public decimal PromptCostOf(CallUsage usage) => TokensCost(PriceOf(usage.Model), usage with { Output = 0 });

    private static decimal TokensCost(ModelPrice price, CallUsage usage)
    {
        var hour = Math.Clamp(usage.CacheWriteHour, 0, usage.CacheWrite);
        var cost = (usage.Input * price.Input)
            + (usage.Output * price.Output)
            + (usage.CacheRead * price.CacheRead)
            + ((usage.CacheWrite - hour) * price.CacheWrite)
            + (hour * price.CacheWriteHour);
        return cost / Million * (usage.Prompt > price.LongPrompt ? price.LongFactor : 1) * (usage.IsFast ? price.Fast : 1);
    }

    private static ModelPrice Of(decimal input, decimal output) => new(input, output, input * 1.25m, input / 10);

    /// <summary>A model's id without what says nothing of the price: dates, window sizes, the marks of other providers of the same models.</summary>
    public static string Bare(string? model) => model is null ? string.Empty : Marks().Replace(model.ToLowerInvariant(), string.Empty);

    [GeneratedRegex(@"\A(?:[a-z]+\.)?anthropic\.|-v\d+(?::\d+)?\z|\[[^\]]*\]\z|(?:[-@]\d{8}|-latest)(?=\z|\[|-v\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Marks();
}
