namespace AgentVine.ScriptedModel;

/// <summary>
/// What the simulated model replies, call by call, to a conversation whose prompt holds <c>[[name]]</c>. Immutable: each call returns
/// a longer script. The step of a call is the number of assistant messages since that prompt, so resumed and parallel runs need no state.
/// </summary>
public sealed record ModelScript
{
    private ModelScript(string name) => Name = name;

    /// <summary>As prompts name it: lower-case letters, digits, <c>-</c>, <c>_</c> and <c>.</c></summary>
    public string Name { get; }

    internal IReadOnlyList<Func<ScriptContext, ModelReply>> Steps { get; private init; } = [];

    internal Func<ScriptContext, ModelReply>? Rest { get; private init; }

    /// <summary>Begins a script.</summary>
    /// <exception cref="ArgumentException">A prompt could not name it.</exception>
    public static ModelScript Named(string name) => ScriptTag.IsName(name)
        ? new ModelScript(name)
        : throw new ArgumentException(
            $"'{name}' cannot name a script: a name is made of lower-case letters, digits, '-', '_' and '.', and begins with a letter or digit.", nameof(name));

    /// <summary>Appends a step.</summary>
    public ModelScript Then(ModelReply reply) => Then(_ => reply);

    /// <summary>Appends a step that is made from the conversation so far.</summary>
    public ModelScript Then(Func<ScriptContext, ModelReply> reply) => this with { Steps = [.. Steps, reply] };

    /// <summary>Says what follows the last step, however often it is asked for.</summary>
    public ModelScript ThenAlways(ModelReply reply) => ThenAlways(_ => reply);

    /// <summary>Says what follows the last step, made from the conversation so far.</summary>
    public ModelScript ThenAlways(Func<ScriptContext, ModelReply> reply) => this with { Rest = reply };

    internal ModelReply ReplyTo(ScriptContext context) =>
        context.Step < Steps.Count ? Steps[context.Step](context)
        : Rest is not null ? Rest(context)
        : Reply.Finish($"scripted model: script '{Name}' has {Steps.Count} steps, and this call asks for step {context.Step + 1}");
}
