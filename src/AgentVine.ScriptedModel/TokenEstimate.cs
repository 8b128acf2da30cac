using System.Text.Json;

namespace AgentVine.ScriptedModel;

/// <summary>Token counts by the common rule of thumb: four characters to a token.</summary>
internal static class TokenEstimate
{
    public static long Of(JsonElement body) => Of(body.GetRawText().Length);

    public static long Of(string text) => Of(text.Length);

    private static long Of(int characters) => (characters + 3) / 4;
}
