using System.Net;
using System.Text;
using System.Text.Json;
using AgentVine.Runtimes.ClaudeCode;
using AgentVine.Runtimes.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentVine.Runtimes.Tests.ClaudeCode;

/// <summary>The way to the fleet's tools on a bad day: whatever happens there, the program gets an answer, and its process an end.</summary>
public sealed class ClaudeFleetToolsTests
{
    private static readonly McpAccess Access = new(new Uri("http://127.0.0.1:9/mcp"), "token");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("tools/list")]
    [InlineData("tools/call")]
    public async Task Message_IsSentAgain_WhenTheConnectionTimedOut(string method)
    {
        var tries = 0;
        using var tools = New(() => ++tries == 1
            ? throw new TaskCanceledException("The operation was canceled.", new TimeoutException("A connection could not be established within the configured ConnectTimeout."))
            : Reply("""{"jsonrpc":"2.0","id":1,"result":{}}"""));

        var answer = await tools.AnswerAsync(Message(method)).WaitAsync(Cancellation);

        Assert.Equal(2, tries);
        Assert.NotNull(answer!["result"]);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":[]}""")]
    [InlineData("[]")]
    [InlineData("no JSON")]
    public async Task Message_IsAnsweredWithAnError_WhenTheServersAnswerIsNone(string body)
    {
        using var tools = New(() => Reply(body));

        var answer = await tools.AnswerAsync(Message("tools/list")).WaitAsync(Cancellation);

        Assert.StartsWith("The AgentVine server did not answer", answer!["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_IsGivenBack_WhenItsRunBroke()
    {
        var process = new BrokenProcess();
        var launch = new AgentLaunch
        {
            ExecutionId = Guid.NewGuid(),
            SessionId = Guid.NewGuid(),
            WorkingDirectory = "/",
            StateDirectory = "/",
            Instructions = "Do it.",
            Processes = new RecordingLauncher(),
        };
        var run = new ClaudeRun(process, launch, new ClaudeCodeOptions(), TimeProvider.System, NullLogger.Instance);
        await run.BeginAsync("Do it.", Cancellation);

        await Assert.ThrowsAsync<InvalidOperationException>(() => run.DisposeAsync().AsTask());

        Assert.True(process.IsDisposed);
    }

    private static ClaudeFleetTools New(Func<HttpResponseMessage> answer) => new(Access, TimeProvider.System, new Server(answer));

    private static HttpResponseMessage Reply(string body) =>
        new(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private static JsonElement Message(string method) => JsonSerializer.SerializeToElement(new { jsonrpc = "2.0", id = 1, method });

    private sealed class Server(Func<HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return answer();
        }
    }

    private sealed class BrokenProcess : IAgentProcess
    {
        public bool IsDisposed { get; private set; }

        public Stream StandardInput => Stream.Null;

        public Stream StandardOutput => Stream.Null;

        public Stream StandardError => Stream.Null;

        public Task<int> Exited { get; } = Task.FromException<int>(new InvalidOperationException("Its launcher broke."));

        public Task KillAsync(TimeSpan grace) => Task.CompletedTask;

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }
    }
}
