using AgentVine.Client;
using Xunit;

namespace AgentVine.System.Tests.Cli;

public sealed class LocalServerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vine-local-");

    [Fact]
    public void Url_IsTheRunningServers_WhileItsFileIsThere()
    {
        var server = LocalServer.At(_folder.FullName);
        var file = new ServerFile(new Uri("http://127.0.0.1:8123"), Environment.ProcessId);

        Assert.Equal(LocalServer.DefaultUrl, server.Url);
        file.Write(_folder.FullName);
        Assert.Equal(file.Url, server.Url);
        file.Remove(_folder.FullName);
        Assert.Equal(LocalServer.DefaultUrl, server.Url);
    }

    [Fact]
    public void Remove_LeavesTheFile_ThatAnotherServerWrote()
    {
        new ServerFile(new Uri("http://127.0.0.1:8123"), 1).Write(_folder.FullName);

        new ServerFile(new Uri("http://127.0.0.1:8124"), 2).Remove(_folder.FullName);

        Assert.Equal(8123, ServerFile.Read(_folder.FullName)?.Url.Port);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"url\":\"ftp://x\",\"pid\":1}")]
    [InlineData("not json")]
    public void Url_IsTheDefault_WhenTheFileIsNoServers(string content)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, ServerFile.Name), content);

        Assert.Equal(LocalServer.DefaultUrl, LocalServer.At(_folder.FullName).Url);
    }

    [Fact]
    public void ReadKey_TrimsTheFile_AndIsNullWithoutOne()
    {
        var server = LocalServer.At(_folder.FullName);

        Assert.Null(server.ReadKey());
        File.WriteAllText(server.KeyFile, "secret\n");
        Assert.Equal("secret", server.ReadKey());
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
