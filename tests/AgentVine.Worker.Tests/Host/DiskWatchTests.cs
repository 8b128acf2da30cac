using AgentVine.Testing.Time;
using Xunit;

namespace AgentVine.Worker.Tests.Host;

public sealed class DiskWatchTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vine-disk-");
    private readonly ManualTime _time = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Files_EndTheAttempt_OnceTheyTakeMoreThanTheyMay()
    {
        await using var watch = new DiskWatch(1000, _time);
        watch.Begin(_folder.FullName);
        Write("a/one", 600);
        await _time.RunUntilAsync(() => watch.Used == 600, "the first file is seen");
        Assert.False(watch.Exceeded.IsCancellationRequested);

        Write("b/c/two", 600);

        await _time.RunUntilAsync(() => watch.Exceeded.IsCancellationRequested, "both are seen");
        Assert.Equal(1200, watch.Used);
    }

    [Fact]
    public async Task Links_AreNotFollowed()
    {
        var elsewhere = Directory.CreateTempSubdirectory("vine-disk-");
        try
        {
            File.WriteAllText(Path.Join(elsewhere.FullName, "large"), new string('x', 5000));
            Directory.CreateSymbolicLink(Path.Join(_folder.FullName, "folder"), elsewhere.FullName);
            File.CreateSymbolicLink(Path.Join(_folder.FullName, "file"), Path.Join(elsewhere.FullName, "large"));
            Write("own", 10);
            await using var watch = new DiskWatch(1000, _time);
            watch.Begin(_folder.FullName, Path.Join(_folder.FullName, "gone"));

            await _time.RunUntilAsync(() => watch.Used > 0, "there was a look");

            Assert.Equal(10, watch.Used);
        }
        finally
        {
            elsewhere.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Files_AreCounted_BesidePathsThatNobodyCanRead()
    {
        var deep = Path.Join([_folder.FullName, .. Enumerable.Repeat(new string('d', 200), 12)]);
        Directory.CreateDirectory(deep);
        Directory.CreateDirectory(Path.Join([_folder.FullName, "more", .. Enumerable.Repeat(new string('e', 200), 12)]));
        Directory.Move(Path.Join(_folder.FullName, "more"), Path.Join(deep, "more"));
        try
        {
            Write("own", 600);
            await using var watch = new DiskWatch(500, _time);
            watch.Begin(_folder.FullName);

            await _time.RunUntilAsync(() => watch.Exceeded.IsCancellationRequested, "the file is seen");

            Assert.Equal(600, watch.Used);
        }
        finally
        {
            Directory.Move(Path.Join(deep, "more"), Path.Join(_folder.FullName, "more"));
        }
    }

    private void Write(string name, int bytes)
    {
        var path = Path.Join(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, new string('x', bytes));
    }
}
