using System.Collections.Concurrent;
using System.Text.Json;

namespace AgentVine.Chaos.Fleet;

/// <summary>
/// Answers whatever agents ask, each question with words of its own, so that an answer is known wherever it turns up. Sends an answer
/// again until the server has said what it makes of it.
/// </summary>
internal sealed class Person : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly ConcurrentDictionary<string, string> _words = new();
    private readonly ConcurrentDictionary<string, bool> _closed = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Api _api;
    private readonly Journal _journal;
    private readonly Task _answering;
    private volatile bool _holds;

    public Person(Api api, Journal journal)
    {
        (_api, _journal) = (api, journal);
        _answering = AnswerAllAsync();
    }

    /// <summary>What was said to each request that was answered or tried to be.</summary>
    public IReadOnlyDictionary<string, string> Words => _words;

    /// <summary>Lets questions stand open, or answers them again.</summary>
    public bool Holds
    {
        set => _holds = value;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _answering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AnswerAllAsync()
    {
        while (true)
        {
            if (!_holds)
            {
                var answer = await _api.TryAsync(HttpMethod.Get, "/api/v1/requests?status=open&limit=200", null, _stop.Token);
                if (answer is { Status: 200 })
                {
                    await Task.WhenAll(answer.Body.EnumerateArray().Where(request => !_closed.ContainsKey(request.Text("id")!)).Select(AnswerAsync));
                }
            }

            await Task.WhenAny(
                _journal.WaitAsync(_journal.LastSequence, fact => fact.Type == "request.opened", Pause * 5), Task.Delay(Pause, TimeProvider.System, _stop.Token));
            _stop.Token.ThrowIfCancellationRequested();
        }
    }

    private async Task AnswerAsync(JsonElement request)
    {
        var id = request.Text("id")!;
        var words = _words.GetOrAdd(id, _ => $"word-{id}");
        object body = request.Text("kind") switch
        {
            "permission" => new { decision = "allow" },
            "review" or "approval" => new { decision = "approve" },
            _ => new { answers = request.GetProperty("questions").EnumerateArray().ToDictionary(question => question.Text("question")!, _ => words) },
        };
        if (await _api.TryAsync(HttpMethod.Post, $"/api/v1/requests/{id}/answer", body, _stop.Token) is { Status: < 500 })
        {
            _closed[id] = true;
        }
    }
}
