using AgentVine.Cli;
using AgentVine.Cli.Settings;
using Xunit;

namespace AgentVine.System.Tests.Cli;

public sealed class VineSettingsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vine-settings-");

    private string Work => _folder.CreateSubdirectory("work").FullName;

    private string Data => _folder.CreateSubdirectory("data").FullName;

    [Fact]
    public void Find_TakesTheStrongestSource_AndNamesIt()
    {
        Write(Data, "a: data\nb: data\nc: data\nd: data\n");
        Write(Work, "a: work\nb: work\nc: work\n");
        var settings = Load(new() { ["VINE_A"] = "environment", ["VINE_B"] = "environment" }, ("a", "flag", "--a"));

        Assert.Equal(("flag", "--a"), (settings.Find("a")!.Value, settings.Find("a")!.Source));
        Assert.Equal(("environment", "VINE_B"), (settings.Find("b")!.Value, settings.Find("b")!.Source));
        Assert.Equal(("work", $"{Path.Combine(Work, "vine.yaml")} line 3"), (settings.Find("c")!.Value, settings.Find("c")!.Source));
        Assert.Equal("data", settings.Find("d")!.Value);
        Assert.Null(settings.Find("e"));
    }

    [Fact]
    public void Find_ReadsNesting_FromVariablesAndFiles()
    {
        Write(Work, "workers:\n  lease: 90\nallowed: [x, y]\n");
        var settings = Load(new() { ["VINE_SESSIONS__MAX_IDLE_TIME"] = "30m" });

        Assert.Equal(TimeSpan.FromMinutes(30), settings.Duration("sessions.max_idle_time", TimeSpan.Zero));
        Assert.Equal(90, settings.Number("workers.lease", 0, 1, 100));
        Assert.Equal("x,y", settings.Text("allowed"));
    }

    [Fact]
    public void Value_ThatBreaksItsRule_IsNamedWithItsSource()
    {
        var settings = Load(new() { ["VINE_WORKERS__LEASE"] = "soon" });

        var fault = Assert.Throws<CommandException>(() => settings.Number("workers.lease", 90, 1, 3600));

        Assert.Equal("VINE_WORKERS__LEASE is 'soon', but workers.lease must be a whole number from 1 to 3600", fault.Message);
        Assert.Equal(ExitCode.Usage, fault.ExitCode);
    }

    [Theory]
    [InlineData("a: [\n", "is not YAML")]
    [InlineData("just words", "must hold names with values")]
    [InlineData("a:\n  - b: c\n", "line 2: a must be a value")]
    public void File_ThatIsNoSettings_IsNamedWithItsLine(string content, string words)
    {
        Write(Work, content);

        var fault = Assert.Throws<CommandException>(() => Load([]));

        Assert.Contains(Path.Combine(Work, "vine.yaml"), fault.Message, StringComparison.Ordinal);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RefuseUnknown_NamesTheMisspeltSetting()
    {
        Write(Work, "server: http://127.0.0.1:1\nsesions:\n  max_idle_time: 5\n");

        var fault = Assert.Throws<CommandException>(() => Load([]).RefuseUnknown(new HashSet<string> { "server" }));

        Assert.Contains("line 3: there is no setting sesions.max_idle_time", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Access_TakesTheDataFoldersKey_ForThisMachineAlone()
    {
        File.WriteAllText(Path.Combine(Data, "run.key"), "secret");

        Assert.Equal("secret", ServerAccess.From(Load([])).Key);
        Assert.Equal("secret", ServerAccess.From(Load([], ("server", "http://127.0.0.1:9000", "--server"))).Key);
        Assert.Null(ServerAccess.From(Load([], ("server", "https://elsewhere.example", "--server"))).Key);
    }

    [Fact]
    public void Access_KeepsTheEnvironmentsKey_FromAServerThatAFolderChose()
    {
        Write(Work, "server: https://elsewhere.example\n");
        var environment = new Dictionary<string, string> { ["VINE_API_KEY"] = "secret" };

        var fault = Assert.Throws<CommandException>(() => ServerAccess.From(Load(environment)));

        Assert.Contains("--server https://elsewhere.example", fault.Message, StringComparison.Ordinal);
        Assert.Equal("secret", ServerAccess.From(Load(environment, ("server", "https://elsewhere.example", "--server"))).Key);
    }

    [Fact]
    public void Access_NamesTheSource_OfAnAddressThatIsNone()
    {
        var fault = Assert.Throws<CommandException>(() => ServerAccess.From(Load(new() { ["VINE_SERVER"] = "127.0.0.1:8000" })));

        Assert.Contains("VINE_SERVER is '127.0.0.1:8000'", fault.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private VineSettings Load(Dictionary<string, string> environment, params (string Name, string? Value, string Flag)[] flags) =>
        VineSettings.Load(new Dictionary<string, string>(environment) { ["VINE_DATA"] = Data }, Work, flags);

    private static void Write(string folder, string content) => File.WriteAllText(Path.Combine(folder, "vine.yaml"), content);
}
