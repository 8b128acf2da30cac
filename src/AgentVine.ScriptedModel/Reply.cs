namespace AgentVine.ScriptedModel;

/// <summary>What a working model says. A message with a tool call goes on after the tool's result; one without ends the turn.</summary>
public static class Reply
{
    private static readonly ModelMessage Empty = new();

    /// <summary>Begins a message with words.</summary>
    public static ModelMessage Say(string text) => Empty.Say(text);

    /// <summary>Begins a message with thoughts.</summary>
    public static ModelMessage Think(string text) => Empty.Think(text);

    /// <summary>Begins a message with a tool call.</summary>
    public static ModelMessage Tool(string name, object input) => Empty.Tool(name, input);

    /// <summary>Begins a message whose stream opens and then holds at <paramref name="gate"/>.</summary>
    public static ModelMessage Hold(Gate gate) => Empty.Hold(gate);

    /// <summary>Words that end the turn: no tool can follow.</summary>
    public static ModelReply Finish(string text) => Empty.Say(text);
}
