using System.Text.Json;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Runtimes.ClaudeCode;

/// <summary>Adds up what a turn's results cost. Their totals run through the whole session, resumed ones included, so differences count.</summary>
internal sealed class ClaudeUsage(bool resumed)
{
    private decimal? _total = resumed ? null : 0;
    private decimal _cost;
    private string? _model;
    private TokenCount _tokens = TokenCount.Zero;

    public void Add(JsonElement result)
    {
        var total = result.Amount("total_cost_usd");
        if (result.Member("model_usage_since_last_result") is { ValueKind: JsonValueKind.Object } models)
        {
            foreach (var model in models.EnumerateObject().Select(model => model.Value))
            {
                _cost += model.Amount("costUSD");
                _tokens += Tokens(model, "inputTokens", "outputTokens", "cacheReadInputTokens", "cacheCreationInputTokens");
            }
        }
        else
        {
            // An older program: what a resumed session had cost before is not known, so its first result counts nothing.
            _cost += Math.Max(0, total - (_total ?? total));
            _tokens += result.Member("usage") is { } usage
                ? Tokens(usage, "input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
                : TokenCount.Zero;
        }

        _total = total;
        var windows = result.Member("modelUsage") is { ValueKind: JsonValueKind.Object } all
            ? all.EnumerateObject().Select(model => (model.Name, Window: model.Value.Number("contextWindow"))).Where(model => model.Window > 0).ToList()
            : [];
        if (windows.Count > 0)
        {
            ContextWindow = windows.FirstOrDefault(model => model.Name == _model, windows[0]).Window;
        }
    }

    /// <summary>Tokens that the model's newest call of the main conversation had before it, with its answer; null before there is one.</summary>
    public long? ContextTokens { get; private set; }

    /// <summary>Tokens that this model can have; null where the program does not tell.</summary>
    public long? ContextWindow { get; private set; }

    /// <summary>Takes in an <c>assistant</c> line.</summary>
    public void Notice(JsonElement line)
    {
        if (line.Member("parent_tool_use_id") is not null || line.Member("message") is not { } message || message.Member("usage") is not { } usage)
        {
            return;
        }

        var tokens = Tokens(usage, "input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens");
        if (tokens.Input + tokens.CacheRead + tokens.CacheWrite + tokens.Output is > 0 and var all)
        {
            (ContextTokens, _model) = (all, message.Text("model"));
        }
    }

    /// <summary>What was added since the last call.</summary>
    public (decimal Cost, TokenCount Tokens) Take()
    {
        var taken = (_cost, _tokens);
        (_cost, _tokens) = (0, TokenCount.Zero);
        return taken;
    }

    private static TokenCount Tokens(JsonElement usage, string input, string output, string cacheRead, string cacheWrite) =>
        new(usage.Number(input), usage.Number(output), usage.Number(cacheRead), usage.Number(cacheWrite));
}
