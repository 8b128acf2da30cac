using AgentVine.Runtimes;
using Xunit;

namespace AgentVine.Worker.Tests.Host;

public sealed class WorkerFolderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vine-folder-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Folder_IsRefused_WhileAnotherWorkerHasIt()
    {
        var path = Path.Join(_folder.FullName, "one");
        using (WorkerFolder.Take(path, "one"))
        {
            var refusal = Assert.Throws<AgentLaunchException>(() => WorkerFolder.Take(path, "one"));
            Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
            Assert.Contains("--name", refusal.Message, StringComparison.Ordinal);
        }

        WorkerFolder.Take(path, "one").Dispose();
    }
}
