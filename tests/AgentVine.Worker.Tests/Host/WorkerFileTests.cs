using Xunit;

namespace AgentVine.Worker.Tests.Host;

/// <summary>Accounts and prices of the worker's file.</summary>
public sealed class WorkerFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Accounts_AreRead_InTheirOrder()
    {
        var file = Read("""
            accounts:
              - { name: team, api_key_env: TEAM_KEY, base_url: "https://models.example" }
              - { name: plan, oauth_token_env: PLAN_TOKEN }
            prices:
              claude-novel-1: { input: 3, output: 15 }
            """);

        Assert.Equal([("team", "TEAM_KEY", null), ("plan", null, "PLAN_TOKEN")], file.Accounts.Select(account => (account.Name, account.ApiKeyEnv, account.OauthTokenEnv)));
        var price = Assert.Single(file.ToPrices());
        Assert.Equal(("claude-novel-1", 3m, 15m, 3.75m, 0.3m), (price.Key, price.Value.Input, price.Value.Output, price.Value.CacheWrite, price.Value.CacheRead));
    }

    [Theory]
    [InlineData("accounts: [ { api_key_env: A } ]", "accounts[0].name")]
    [InlineData("accounts: [ { name: a } ]", "api_key_env, auth_token_env or oauth_token_env")]
    [InlineData("accounts: [ { name: a, api_key_env: A, oauth_token_env: B } ]", "accounts[0] must name one environment variable")]
    [InlineData("accounts: [ { name: a, api_key_env: A, base_url: models.example } ]", "accounts[0].base_url is 'models.example'")]
    [InlineData("accounts: [ { name: a, api_key_env: A }, { name: a, api_key_env: B } ]", "two accounts are named 'a'")]
    [InlineData("accounts: [ { name: a, api_key: sk-ant } ]", "api_key")]
    [InlineData("prices: { claude-novel-1: { input: 3 } }", "prices.claude-novel-1 needs input and output")]
    [InlineData("prices: { claude-novel-1: { input: -3, output: 1 } }", "prices.claude-novel-1")]
    public void File_IsRefused_WithWhatIsWrong(string yaml, string words) =>
        Assert.Contains(words, Assert.Throws<FormatException>(() => Read(yaml)).Message, StringComparison.Ordinal);

    private WorkerFile Read(string yaml)
    {
        File.WriteAllText(_path, yaml);
        return WorkerFile.Read(_path);
    }
}
