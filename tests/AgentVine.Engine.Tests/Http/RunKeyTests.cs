using AgentVine.Engine.Identity;
using Xunit;

namespace AgentVine.Engine.Tests.Http;

public sealed class RunKeyTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vine-key-");

    private string Data => Path.Combine(_folder.FullName, "data", "agentvine");

    private string File => Path.Combine(Data, RunKey.FileName);

    [Fact]
    public void Key_IsMadeOnce_AndReadAfterwards()
    {
        var made = RunKey.LoadOrCreate(Data);

        Assert.Equal(made, RunKey.LoadOrCreate(Data));
        Assert.Equal(made, RunKey.Find(Data));
        Assert.Matches("^vine_[A-Za-z0-9_-]{43}$", made);
        Assert.Equal(made + "\n", System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void Key_IsNotFound_WhenThereIsNone() => Assert.Null(RunKey.Find(Data));

    [Fact]
    public void Key_IsItsOwnersAlone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows protects the folder.");
            return;
        }

        RunKey.LoadOrCreate(Data);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, System.IO.File.GetUnixFileMode(Data));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherExecute)]
    public void Key_IsRefused_WhenOthersMayUseItsFile(UnixFileMode open)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows protects the folder.");
            return;
        }
        var key = RunKey.LoadOrCreate(Data);
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | open);

        var refused = Assert.Throws<AccessKeyException>(() => RunKey.LoadOrCreate(Data));

        Assert.Contains(File, refused.Message, StringComparison.Ordinal);
        Assert.Contains("chmod 600", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(key, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_IsOne_WhenManyStartAtOnce()
    {
        using var start = new Barrier(8);

        var keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return RunKey.LoadOrCreate(Data);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        Assert.Single(keys.Distinct());
    }

    [Theory]
    [InlineData("short\n")]
    [InlineData("vine_with a blank in the middle of the line\n")]
    public void Key_IsRefused_WhenTheFileHoldsNone(string content)
    {
        RunKey.LoadOrCreate(Data);
        System.IO.File.WriteAllText(File, content);

        Assert.Contains("holds no key; delete it", Assert.Throws<AccessKeyException>(() => RunKey.LoadOrCreate(Data)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("long enough but it has blanks")]
    [InlineData("long-enough-but-not-ascii-ü")]
    public void ConfiguredKey_IsRefused_WhenItIsWeakOrCannotStandInAHeader(string key)
    {
        var refused = Assert.Throws<AccessKeyException>(() => AccessKey.Load(key, Data));

        Assert.StartsWith("VINE_API_KEY", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(key, refused.Message, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public void ConfiguredKey_ReplacesTheFolders()
    {
        var configured = AccessKey.Load("0123456789abcdef", Data);
        var run = AccessKey.Load("", Data);

        Assert.True(configured is { IsConfigured: true, Name: "key:configured" } && configured.Matches("0123456789abcdef"));
        Assert.True(run is { IsConfigured: false, Name: "key:run" } && run.Matches(RunKey.Find(Data)!));
        Assert.False(run.Matches("0123456789abcdef"));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
