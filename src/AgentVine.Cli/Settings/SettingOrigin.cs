namespace AgentVine.Cli.Settings;

/// <summary>Where a setting comes from; the first of these that has it wins.</summary>
public enum SettingOrigin
{
    /// <summary>The command line.</summary>
    Flag,

    /// <summary>A <c>VINE_…</c> variable.</summary>
    Environment,

    /// <summary><c>vine.yaml</c> in the working directory.</summary>
    WorkingDirectory,

    /// <summary><c>vine.yaml</c> in the data folder.</summary>
    DataFolder,
}
