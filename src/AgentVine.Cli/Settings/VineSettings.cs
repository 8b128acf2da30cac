using System.Globalization;
using AgentVine.Client;

namespace AgentVine.Cli.Settings;

/// <summary>
/// The settings of one run: flags over <c>VINE_*</c> over <c>vine.yaml</c> of the working directory over that of the data folder.
/// <c>a.b</c> is <c>VINE_A__B</c> in the environment and <c>b</c> below <c>a</c> in the file.
/// </summary>
public sealed class VineSettings
{
    private readonly Dictionary<string, Setting> _flags = new(StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly IReadOnlyDictionary<string, Setting> _workingDirectory;
    private readonly IReadOnlyDictionary<string, Setting> _dataFolder = new Dictionary<string, Setting>();

    private VineSettings(
        IReadOnlyDictionary<string, string> environment, string workingDirectory, IEnumerable<(string Name, string? Value, string Flag)> flags)
    {
        _environment = environment;
        _workingDirectory = SettingsFile.Read(workingDirectory, SettingOrigin.WorkingDirectory);
        foreach (var (name, value, flag) in flags)
        {
            Override(name, value, flag);
        }

        Local = LocalServer.At(Text("data") is { } data ? Path.GetFullPath(data, workingDirectory) : null);
        if (!PathsEqual(Local.DataFolder, workingDirectory))
        {
            _dataFolder = SettingsFile.Read(Local.DataFolder, SettingOrigin.DataFolder);
        }
    }

    /// <summary>The data folder, and what it tells of this machine's server.</summary>
    public LocalServer Local { get; }

    /// <summary>Reads the settings.</summary>
    /// <param name="environment">The program's environment.</param>
    /// <param name="workingDirectory">Where <c>vine.yaml</c> is looked for first; relative paths start here.</param>
    /// <param name="flags">Name, value and flag of what the command line gives; null values are left out.</param>
    /// <exception cref="CommandException">A file cannot be read as settings.</exception>
    public static VineSettings Load(
        IReadOnlyDictionary<string, string> environment, string workingDirectory, params IEnumerable<(string Name, string? Value, string Flag)> flags) =>
        new(environment, workingDirectory, flags);

    /// <summary>Sets what a command's own flag gives; null leaves what is there.</summary>
    public void Override(string name, string? value, string flag)
    {
        if (value is not null)
        {
            _flags[name] = new Setting(name, value, flag, SettingOrigin.Flag);
        }
    }

    /// <summary>The setting of that name, from the strongest source that has it; null when none does. An empty variable counts as unset.</summary>
    public Setting? Find(string name)
    {
        if (_flags.TryGetValue(name, out var setting))
        {
            return setting;
        }

        var variable = "VINE_" + name.ToUpperInvariant().Replace(".", "__", StringComparison.Ordinal);
        if (_environment.TryGetValue(variable, out var value) && value.Length > 0)
        {
            return new Setting(name, value, variable, SettingOrigin.Environment);
        }

        return _workingDirectory.GetValueOrDefault(name) ?? _dataFolder.GetValueOrDefault(name);
    }

    /// <summary>The text of a setting.</summary>
    public string? Text(string name) => Find(name)?.Value;

    /// <summary>A whole number within bounds.</summary>
    public int Number(string name, int fallback, int least, int most) =>
        Find(name) is not { } setting ? fallback
        : int.TryParse(setting.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw setting.Wrong($"a whole number from {least} to {most}");

    /// <summary>US dollars, with a point for the cents; null when it is not set.</summary>
    public decimal? Amount(string name) =>
        Find(name) is not { } setting ? null
        : decimal.TryParse(setting.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && amount is > 0 and <= 1_000_000
            ? amount
            : throw setting.Wrong("an amount of US dollars above 0 and up to 1000000, as in 12.50");

    /// <summary>A span of time: seconds, or a number with <c>s</c>, <c>m</c>, <c>h</c> or <c>d</c>.</summary>
    public TimeSpan Duration(string name, TimeSpan fallback) =>
        Find(name) is not { } setting ? fallback : Durations.Parse(setting.Value) ?? throw setting.Wrong(Durations.Rule);

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public bool Flag(string name, bool fallback) =>
        Find(name) is not { } setting ? fallback
        : bool.TryParse(setting.Value, out var flag) ? flag
        : throw setting.Wrong("true or false");

    /// <summary>One of some words.</summary>
    public string Choice(string name, string fallback, params IReadOnlyCollection<string> choices) =>
        Find(name) is not { } setting ? fallback
        : choices.Contains(setting.Value, StringComparer.Ordinal) ? setting.Value
        : throw setting.Wrong("one of " + string.Join(", ", choices));

    /// <summary>Refuses what the files hold beyond <paramref name="known"/>: a misspelt setting must not be ignored.</summary>
    public void RefuseUnknown(IReadOnlySet<string> known)
    {
        var unknown = _workingDirectory.Values.Concat(_dataFolder.Values).FirstOrDefault(setting => !known.Contains(setting.Name));
        if (unknown is not null)
        {
            throw new CommandException(ExitCode.Usage, $"{unknown.Source}: there is no setting {unknown.Name}; remove it or correct its name");
        }
    }

    private static bool PathsEqual(string one, string other) =>
        string.Equals(Path.TrimEndingDirectorySeparator(one), Path.TrimEndingDirectorySeparator(Path.GetFullPath(other)), StringComparison.Ordinal);
}
