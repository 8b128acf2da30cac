namespace AgentVine.Runtimes.ClaudeCode;

/// <summary>
/// Blots out what the driver knows to be secret: the agent has the model account's key in its environment, and an <c>env</c> of it
/// must not end up in a log that people share.
/// </summary>
internal sealed class ClaudeSecrets(IEnumerable<string> secrets)
{
    private const string Blot = "[secret]";

    // Shorter ones are dummies of tests, and words that occur by chance.
    private readonly string[] _secrets = [.. secrets.Where(secret => secret.Length >= 12)];

    public string? Hide(string? text)
    {
        if (text is not null)
        {
            foreach (var secret in _secrets)
            {
                text = text.Replace(secret, Blot, StringComparison.Ordinal);
            }
        }

        return text;
    }
}
