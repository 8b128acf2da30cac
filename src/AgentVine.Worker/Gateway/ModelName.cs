using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace AgentVine.Worker.Gateway;

/// <summary>Finds the model that a call names, and leaves the call's body as it was.</summary>
internal static class ModelName
{
    // The model comes first in what agent programs write; a name that does not come by then counts as unknown.
    private const int Furthest = 64 * 1024;

    public static async Task<string?> PeekAsync(PipeReader body, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            var start = read.Buffer.Start;
            var name = Find(read.Buffer.Slice(0, Math.Min(read.Buffer.Length, Furthest)).ToArray());
            if (name is not null || read.IsCompleted || read.IsCanceled || read.Buffer.Length >= Furthest)
            {
                body.AdvanceTo(start);
                return name;
            }

            body.AdvanceTo(start, read.Buffer.End);
        }
    }

    private static string? Find(byte[] beginning)
    {
        var json = new Utf8JsonReader(beginning, isFinalBlock: false, default);
        try
        {
            while (json.Read())
            {
                if (json.TokenType == JsonTokenType.PropertyName && json.CurrentDepth == 1 && json.ValueTextEquals("model"u8))
                {
                    return json.Read() && json.TokenType == JsonTokenType.String ? json.GetString() : null;
                }
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }

        return null;
    }
}
