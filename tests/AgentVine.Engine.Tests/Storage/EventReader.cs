using System.Globalization;
using System.Text.Json;
using AgentVine.Contracts;
using AgentVine.Contracts.Events;
using Xunit;

namespace AgentVine.Engine.Tests.Storage;

/// <summary>Reads server-sent events as a browser would, and checks that their three lines agree.</summary>
internal sealed class EventReader : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;
    private readonly TimeSpan _patience;

    private EventReader(HttpResponseMessage response, StreamReader lines, TimeSpan patience)
    {
        _response = response;
        _lines = lines;
        _patience = patience;
    }

    public string? ContentType => _response.Content.Headers.ContentType?.MediaType;

    public string? LastType { get; private set; }

    public static async Task<EventReader> OpenAsync(HttpResponseMessage response, TimeSpan patience) =>
        new(response, new StreamReader(await response.Content.ReadAsStreamAsync()), patience);

    /// <summary>The next line, or null when the stream has ended.</summary>
    public Task<string?> LineAsync() => _lines.ReadLineAsync().WaitAsync(_patience, TimeProvider.System);

    public async Task<List<long>> SequencesAsync(int count)
    {
        var sequences = new List<long>();
        while (sequences.Count < count)
        {
            sequences.Add(await EventAsync());
        }

        return sequences;
    }

    public void Dispose()
    {
        _lines.Dispose();
        _response.Dispose();
    }

    private async Task<long> EventAsync()
    {
        var id = await FieldAsync("id: ");
        LastType = await FieldAsync("event: ");
        var view = JsonSerializer.Deserialize<EventView>(await FieldAsync("data: "), VineJson.Options)!;
        Assert.Equal("", await LineAsync());
        Assert.Equal((id, LastType), (view.Sequence.ToString(CultureInfo.InvariantCulture), view.Type));
        return view.Sequence;
    }

    private async Task<string> FieldAsync(string name)
    {
        var line = await LineAsync();
        Assert.StartsWith(name, line, StringComparison.Ordinal);
        return line![name.Length..];
    }
}
