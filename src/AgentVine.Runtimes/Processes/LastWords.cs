namespace AgentVine.Runtimes.Processes;

/// <summary>The last lines of a stream that say something, bounded.</summary>
internal sealed class LastWords(int lines, int letters)
{
    private readonly Queue<string> _lines = new();

    public void Add(string line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        _lines.Enqueue(line.Length <= letters ? line : line[..letters] + "…");
        while (_lines.Count > lines || (_lines.Count > 1 && _lines.Sum(kept => kept.Length) > letters))
        {
            _lines.Dequeue();
        }
    }

    /// <summary>Null when nothing was said.</summary>
    public string? Text() => _lines.Count == 0 ? null : string.Join('\n', _lines);
}
