using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using AgentVine.Contracts.Tasks;
using AgentVine.Runtimes.ClaudeCode;
using AgentVine.Testing.Fleet;
using Xunit;

namespace AgentVine.Runtimes.Tests.ClaudeCode;

[SupportedOSPlatform("linux")]
public sealed class ClaudeCodeProbeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vine-probe-");

    [Fact]
    public async Task Probe_TellsPathAndVersion()
    {
        var program = await ClaudeCodeProbe.FindAsync(ClaudeUnderTest.Path, TimeProvider.System, CancellationToken.None);

        Assert.Equal(ClaudeCodeProbe.TestedVersion, program.Version);
        Assert.True(Path.IsPathFullyQualified(program.Path));
    }

    [Fact]
    public async Task Probe_SaysHowToInstall_WhenThereIsNoProgram()
    {
        var missing = Path.Combine(_folder.FullName, "claude");

        var exception = await Assert.ThrowsAsync<AgentLaunchException>(() => ClaudeCodeProbe.FindAsync(missing, TimeProvider.System, CancellationToken.None));

        Assert.Equal(FailureKind.Permanent, exception.Kind);
        Assert.Contains($"'{missing}'", exception.Message);
        Assert.Contains("npm install -g @anthropic-ai/claude-code@2.1.330", exception.Message);
        Assert.Contains("VINE_CLAUDE_PATH", exception.Message);
    }

    [Fact]
    public async Task Probe_SaysWhy_WhenTheProgramDoesNotRun()
    {
        var broken = Program("claude", "#!/bin/sh\necho no luck >&2; exit 3\n");

        var exception = await Assert.ThrowsAsync<AgentLaunchException>(() => ClaudeCodeProbe.FindAsync(broken, TimeProvider.System, CancellationToken.None));

        Assert.Contains("exit code 3: no luck", exception.Message);
    }

    [Theory]
    [InlineData("lib/node_modules/@anthropic-ai/{0}/claude")]
    [InlineData("lib/node_modules/@anthropic-ai/claude-code/node_modules/@anthropic-ai/{0}/claude")]
    public void Probe_FindsTheNativeBinary_BehindTheLinkThatNpmMakes(string native)
    {
        var package = $"claude-code-linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        var binary = Program(string.Format(null, native, package), "native");
        var wrapper = Program("lib/node_modules/@anthropic-ai/claude-code/cli-wrapper.cjs", "wrapper");
        var link = Path.Combine(_folder.CreateSubdirectory("bin").FullName, "claude");
        File.CreateSymbolicLink(link, Path.GetRelativePath(Path.GetDirectoryName(link)!, wrapper));

        Assert.Equal(binary, ClaudeCodeProbe.Locate(link));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Program(string name, string content)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }
}
