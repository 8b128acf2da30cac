namespace AgentVine.Cli.Settings;

/// <summary>One value and where it comes from.</summary>
/// <param name="Name">As <c>vine.yaml</c> nests it, as in <c>sessions.max_idle_time</c>.</param>
/// <param name="Value">As it was written.</param>
/// <param name="Source">For people: <c>--server</c>, <c>VINE_SERVER</c>, or a file with its line.</param>
/// <param name="Origin">The kind of source.</param>
public sealed record Setting(string Name, string Value, string Source, SettingOrigin Origin)
{
    /// <summary>An error that names this setting, what it holds, and <paramref name="rule"/>.</summary>
    public CommandException Wrong(string rule) => new(ExitCode.Usage, $"{Source} is '{Value}', but {Name} must be {rule}");
}
