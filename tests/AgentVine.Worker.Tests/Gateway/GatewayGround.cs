using System.Collections.Concurrent;
using System.Net;
using AgentVine.Testing.Time;
using AgentVine.Worker.Accounts;
using AgentVine.Worker.Gateway;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentVine.Worker.Tests.Gateway;

/// <summary>A gateway between an agent and a provider that a test plays, with a driven clock.</summary>
internal sealed class GatewayGround : IAsyncDisposable
{
    public const string Key = "sk-ant-of-no-account-at-all";
    private readonly HttpClient _agent = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None, UseProxy = false });

    private GatewayGround(Upstream upstream, IReadOnlyDictionary<string, ModelPrice> prices, string? record)
    {
        Upstream = upstream;
        Usage = new UsageLedger(new PriceTable(prices), Time);
        Gateway = new ModelGateway(
            [Account("first"), Account("second")],
            record is null ? null : new ExchangeRecorder(record, Time, NullLogger.Instance),
            socket: null,
            Time,
            NullLogger.Instance);
    }

    public ManualTime Time { get; } = new();

    public Upstream Upstream { get; }

    public ModelGateway Gateway { get; }

    public UsageLedger Usage { get; }

    /// <summary>What the server was told, and by which account.</summary>
    public ConcurrentQueue<(string Account, CallTrouble Trouble)> Told { get; } = new();

    public ConcurrentQueue<string> Notes { get; } = new();

    /// <summary>Until when the server says that an account of which it is told is closed.</summary>
    public Func<Task<DateTimeOffset?>> ServerSays { get; set; } = () => Task.FromResult<DateTimeOffset?>(null);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<GatewayGround> StartAsync(
        Func<HttpContext, Task> answer, IReadOnlyDictionary<string, ModelPrice>? prices = null, string? record = null, bool keepsBodies = true)
    {
        var ground = new GatewayGround(await Upstream.StartAsync(answer, keepsBodies), prices ?? new Dictionary<string, ModelPrice>(), record);
        await ground.Gateway.StartAsync(Cancellation);
        return ground;
    }

    /// <summary>An attempt's way through.</summary>
    public GatewayPass Admit(string account = "first", Allowance? allowance = null) => Gateway.Admit(new GatewayGuest
    {
        Account = account,
        Held = _ => Task.CompletedTask,
        Usage = Usage,
        Allowance = allowance,
        ClaimedAt = Time.GetTimestamp(),
        Note = Notes.Enqueue,
        TellAsync = trouble =>
        {
            Told.Enqueue((account, trouble));
            return ServerSays();
        },
    });

    public Task<HttpResponseMessage> CallAsync(GatewayPass pass, HttpContent? body = null, string target = "/v1/messages", params (string Name, string Value)[] headers)
    {
        var call = new HttpRequestMessage(HttpMethod.Post, new Uri(pass.Access.Url, target)) { Content = body ?? new StringContent("""{"model":"claude-opus-4-5","messages":[]}""") };
        call.Headers.Add("x-api-key", pass.Access.Token);
        foreach (var (name, value) in headers)
        {
            call.Headers.TryAddWithoutValidation(name, value);
        }

        return _agent.SendAsync(call, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        _agent.Dispose();
        await Gateway.DisposeAsync();
        await Upstream.DisposeAsync();
    }

    private ModelAccount Account(string name) => new() { Name = name, BaseUrl = Upstream.Url, ApiKey = $"{Key}-{name}" };
}
