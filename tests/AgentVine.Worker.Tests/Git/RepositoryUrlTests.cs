using AgentVine.Git.Names;
using Xunit;

namespace AgentVine.Worker.Tests.Git;

public sealed class RepositoryUrlTests
{
    [Theory]
    [InlineData("https://github.com/your/repo", "https://github.com/your/repo", RepositoryScheme.Https)]
    [InlineData("HTTPS://GitHub.com:443/Your/Repo.git/", "https://github.com/Your/Repo.git", RepositoryScheme.Https)]
    [InlineData("http://127.0.0.1:8080/r", "http://127.0.0.1:8080/r", RepositoryScheme.Http)]
    [InlineData("http://[::1]:8080/r", "http://[::1]:8080/r", RepositoryScheme.Http)]
    [InlineData("https://alice@example.com/team/repo", "https://example.com/team/repo", RepositoryScheme.Https)]
    [InlineData("https://alice:s3cr%40t@example.com/team/repo", "https://example.com/team/repo", RepositoryScheme.Https)]
    [InlineData("https://alice:s3@cr:t@example.com/team/repo", "https://example.com/team/repo", RepositoryScheme.Https)]
    [InlineData("ssh://git@example.com:2222/srv/r.git", "ssh://git@example.com:2222/srv/r.git", RepositoryScheme.Ssh)]
    [InlineData("ssh://git@example.com:22/~/r.git", "ssh://git@example.com/~/r.git", RepositoryScheme.Ssh)]
    [InlineData("git@github.com:your/repo.git", "git@github.com:your/repo.git", RepositoryScheme.Ssh)]
    [InlineData("github.com:your/repo.git/", "github.com:your/repo.git", RepositoryScheme.Ssh)]
    [InlineData("org@ssh.dev.azure.com:v3/org/project/repo", "org@ssh.dev.azure.com:v3/org/project/repo", RepositoryScheme.Ssh)]
    [InlineData("git@[::1]:repo.git", "git@[::1]:repo.git", RepositoryScheme.Ssh)]
    [InlineData("git://example.com/r.git", "git://example.com/r.git", RepositoryScheme.Git)]
    public void Parse_GivesTextWithoutCredentials_WhenTheUrlIsAllowed(string text, string shown, RepositoryScheme scheme)
    {
        var url = RepositoryUrl.Parse(text);

        Assert.Equal((shown, shown, scheme, text), (url.Text, url.ToString(), url.Scheme, url.FetchUrl));
        Assert.Equal(shown, RepositoryUrl.Parse(url.Text).Text);
        Assert.Equal(url.Key, RepositoryUrl.Parse(url.Text).Key);
        Assert.Matches("^[0-9a-f]{32}$", url.Key);
    }

    [Theory]
    [InlineData("/srv/git/repo", "/srv/git/repo")]
    [InlineData("/srv/git/../git/my repo/", "/srv/git/my repo")]
    [InlineData("file:///srv/git/repo", "/srv/git/repo")]
    [InlineData("file:///srv/git/my%20repo/", "/srv/git/my repo")]
    public void Parse_GivesTheFolder_WhenTheRepositoryIsLocal(string text, string folder)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "These are no absolute paths there.");

        var url = RepositoryUrl.Parse(text);

        Assert.Equal((RepositoryScheme.Local, folder), (url.Scheme, url.LocalPath));
        Assert.Equal(RepositoryUrl.Parse(folder).Key, url.Key);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("repo", "relative path")]
    [InlineData("./repo", "relative path")]
    [InlineData("../repo", "relative path")]
    [InlineData("~/repo", "relative path")]
    [InlineData("./a:b", "relative path")]
    [InlineData("ext::sh -c touch% /tmp/x", "another program")]
    [InlineData("EXT::x", "another program")]
    [InlineData("::x", "another program")]
    [InlineData("fd::17", "another program")]
    [InlineData("http::https://example.com/r", "another program")]
    [InlineData("-uhttps://example.com/r", "like an option")]
    [InlineData("--upload-pack=touch /tmp/x", "like an option")]
    [InlineData("ssh://-oProxyCommand=touch/r", "host begins with '-'")]
    [InlineData("ssh://-oProxyCommand=x@example.com/r", "user begins with '-'")]
    [InlineData("ssh://%2doProxyCommand@example.com/r", "user has other characters")]
    [InlineData("ssh://git@-example.com/r", "host begins with '-'")]
    [InlineData("ssh://example.com/-oops", "path begins with '-'")]
    [InlineData("ssh://example.com:-1/r", "host or port")]
    [InlineData("-oProxyCommand=x:r", "like an option")]
    [InlineData("git@-oProxyCommand=x:r", "host begins with '-'")]
    [InlineData("example.com:-oops", "path begins with '-'")]
    [InlineData("https://-example.com/r", "host begins with '-'")]
    [InlineData("git://-example.com/r", "host begins with '-'")]
    [InlineData("git://alice@example.com/r", "no user")]
    [InlineData("https://exa mple.com/r", "host has other characters")]
    [InlineData("https://exam;ple.com/r", "host has other characters")]
    [InlineData("https://example.com", "no repository")]
    [InlineData("https://example.com/", "no repository")]
    [InlineData("https:///r", "host or port")]
    [InlineData("https://example.com:99999/r", "port is not between")]
    [InlineData("https://example.com/a b", "a space")]
    [InlineData("https://example.com/r\nx", "control character")]
    [InlineData("https://example.com/r%0ahost=evil", "escaped control character")]
    [InlineData("https://a%0ab:c@example.com/r", "escaped control character")]
    [InlineData("https://example.com/r#main", "a query or a fragment")]
    [InlineData("ftp://example.com/r", "scheme 'ftp' is not supported")]
    [InlineData("javascript://example.com/r", "scheme 'javascript' is not supported")]
    [InlineData("file://host/srv/r", "a file URL has no host")]
    [InlineData("file://srv", "a file URL has no host")]
    [InlineData("file:///srv/%0a", "escaped control character")]
    [InlineData("/srv/a\tb", "control character")]
    public void Parse_NamesValueAndRule_WhenTheTextIsRefused(string text, string rule)
    {
        Assert.False(RepositoryUrl.TryParse(text, out var url, out var problem));

        Assert.Null(url);
        Assert.Contains(rule, problem, StringComparison.Ordinal);
        Assert.StartsWith("'", problem, StringComparison.Ordinal);
        Assert.EndsWith(".", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://alice:hunter2/x@exam;ple.com/r")]
    [InlineData("https://alice:hunter2@exam;ple.com/r")]
    [InlineData("https://alice:a@hunter2@example.com/")]
    [InlineData("ssh://alice:hunter2@example.com/r")]
    [InlineData("https://example.com/r?private_token=hunter2")]
    [InlineData("nope://hunter2@example.com/r")]
    public void Parse_HidesCredentials_WhenTheTextIsRefused(string text)
    {
        var refusal = Assert.Throws<FormatException>(() => RepositoryUrl.Parse(text));

        Assert.DoesNotContain("hunter2", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_Refuses_WhenTheTextIsLongOrOfAnotherPlatform()
    {
        Assert.False(RepositoryUrl.TryParse("https://example.com/" + new string('a', 2100), out _, out var problem));
        Assert.Contains("longer than 2048", problem, StringComparison.Ordinal);
        Assert.True(problem.Length < 400);
        Assert.False(RepositoryUrl.TryParse(null, out _, out _));
        Assert.False(RepositoryUrl.TryParse("https://example.com/\ud800", out _, out _));

        Assert.Equal(OperatingSystem.IsWindows(), RepositoryUrl.TryParse(@"C:\code\repo", out _, out _));
        Assert.Equal(OperatingSystem.IsWindows(), RepositoryUrl.TryParse("C:/code/repo", out _, out _));
    }

    [Fact]
    public void Key_IsTheSame_WhenOnlyCredentialsOrSpellingDiffer()
    {
        var key = RepositoryUrl.Parse("https://example.com/team/repo").Key;

        Assert.Equal(key, RepositoryUrl.Parse("https://u:p@EXAMPLE.com:443/team/repo/").Key);
        Assert.NotEqual(key, RepositoryUrl.Parse("https://example.com/team/Repo").Key);
        Assert.NotEqual(key, RepositoryUrl.Parse("http://example.com/team/repo").Key);
    }
}
