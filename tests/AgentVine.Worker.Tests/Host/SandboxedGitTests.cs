using AgentVine.Git.Clones;
using Xunit;

namespace AgentVine.Worker.Tests.Host;

public sealed class SandboxedGitTests : IDisposable
{
    private readonly AttemptGround _ground = new();

    public void Dispose() => _ground.Dispose();

    [Theory]
    [InlineData(16 * 1024 * 1024, true)]
    [InlineData((16 * 1024 * 1024) + 1, false)]
    public async Task Output_IsTakenWhole_OrNotAtAll(int length, bool isTaken)
    {
        var workspace = await _ground.Maker().MakeAsync(_ground.NewOrder(), AttemptGround.Stop);
        await File.WriteAllBytesAsync(Path.Join(workspace.Clone, "long"), new byte[length], AttemptGround.Stop);
        var blob = _ground.Git(workspace, "hash-object", "-w", "long");
        var reading = new SandboxedGit(_ground, workspace.Folders, workspace.Objects).RunAsync(
            new GitStep(["cat-file", "blob", blob], new Dictionary<string, string>(), [0]), AttemptGround.Stop);

        if (isTaken)
        {
            Assert.Equal(length, (await reading).Text.Length);
        }
        else
        {
            await Assert.ThrowsAsync<GitStepException>(() => reading);
        }
    }
}
