using System.Collections.Concurrent;
using System.Security.Cryptography;
using AgentVine.Contracts.Tasks;
using AgentVine.Runtimes;
using AgentVine.Worker.Accounts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentVine.Worker.Gateway;

/// <summary>
/// The worker's reverse proxy for model calls, on loopback and on a unix socket: agents call it with a token of their attempt and never see
/// the account's key. It passes everything on unchanged, both ways and unbuffered; holds the calls of an attempt whose lease is past; and answers calls itself that no
/// budget allows, or whose account is limited.
/// </summary>
internal sealed class ModelGateway : IAsyncDisposable
{
    // What a call may hold that does not say how long it is.
    private const long UnknownLength = 1024 * 1024;
    private readonly ConcurrentDictionary<string, GatewayPass> _passes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (ModelUpstream Upstream, ModelForwarder Forwarder)> _accounts;
    private readonly GatewayListener _listener;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private Uri? _url;
    private int _held;

    /// <param name="accounts">The accounts with keys to stand in for.</param>
    /// <param name="recorder">Writes exchanges down; null for none.</param>
    /// <param name="socket">A path for agents that have no network; null where all have one.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">What it says.</param>
    public ModelGateway(IEnumerable<ModelAccount> accounts, ExchangeRecorder? recorder, string? socket, TimeProvider time, ILogger logger)
    {
        (_time, _logger) = (time, logger);
        _accounts = accounts.Select(account => new ModelUpstream(account, time))
            .ToDictionary(upstream => upstream.Name, upstream => (upstream, new ModelForwarder(upstream, recorder, logger)), StringComparer.Ordinal);
        _listener = new GatewayListener(AnswerAsync, socket);
    }

    /// <summary>Calls that wait for their attempt's lease, or for the near end of a limit, now.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>Listens from here on.</summary>
    public async Task StartAsync(CancellationToken cancellationToken) => _url = await _listener.StartAsync(cancellationToken);

    /// <summary>Whether the account's calls go by here.</summary>
    public bool Serves(string account) => _accounts.ContainsKey(account);

    /// <summary>Lets an attempt's agent call its model until the pass is disposed.</summary>
    public GatewayPass Admit(GatewayGuest guest)
    {
        var url = _url ?? throw new InvalidOperationException("The model gateway does not listen yet.");
        var access = new ModelAccess(url, $"vine_model_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}", _listener.Socket);
        var pass = new GatewayPass(access, guest, _accounts[guest.Account].Upstream, _time, ended => _passes.TryRemove(ended.Access.Token, out _));
        _passes[access.Token] = pass;
        return pass;
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        foreach (var (_, forwarder) in _accounts.Values)
        {
            forwarder.Dispose();
        }
    }

    private async Task AnswerAsync(HttpContext call)
    {
        if (TokenOf(call.Request.Headers) is not { } token || !_passes.TryGetValue(token, out var pass) || pass.Begin(call.RequestAborted) is not { } cut)
        {
            await GatewayErrors.WriteAsync(
                call, StatusCodes.Status401Unauthorized, "authentication_error", "This is a worker's model gateway, and the key is not of an attempt that runs here.");
            return;
        }

        using (cut)
        {
            try
            {
                await AnswerAsync(call, pass, cut.Token);
            }
            catch (Exception gone) when (gone is OperationCanceledException || cut.IsCancellationRequested)
            {
                // The agent, the attempt or its lease: there is nobody to answer.
                call.Abort();
            }
            finally
            {
                pass.End();
            }
        }
    }

    private async Task AnswerAsync(HttpContext call, GatewayPass pass, CancellationToken cut)
    {
        var forwarder = _accounts[pass.Upstream.Name].Forwarder;
        var kind = KindOf(call);
        if (kind == CallKind.Refused)
        {
            await GatewayErrors.WriteAsync(
                call, StatusCodes.Status403Forbidden, "permission_error", "This is a worker's model gateway: it passes on calls of models, and nothing else of the account.");
            return;
        }

        if (await HoldAsync(pass, isOfAModel: kind != CallKind.Free, cut) is { } closing)
        {
            pass.Saw(closing.Trouble);
            await GatewayErrors.WriteLimitAsync(call, closing, _time.GetUtcNow());
            return;
        }

        await (kind == CallKind.Charged ? ChargeAsync(call, pass, forwarder, cut) : forwarder.ForwardAsync(call, null, cut));
    }

    private async Task ChargeAsync(HttpContext call, GatewayPass pass, ModelForwarder forwarder, CancellationToken cut)
    {
        var length = call.Request.ContentLength ?? UnknownLength;
        var reserved = 0m;
        if (pass.Guest.Allowance is { } allowance)
        {
            reserved = pass.Guest.Usage.Estimate(await ModelName.PeekAsync(call.Request.BodyReader, cut), length);
            if (await allowance.ReserveAsync(reserved, cut) is { } refusal)
            {
                pass.Saw(new CallTrouble(FailureCause.BudgetSpent, StatusCodes.Status402PaymentRequired, GatewayErrors.Words(refusal)));
                await GatewayErrors.WriteBudgetAsync(call, refusal);
                return;
            }
        }

        var watch = new CallWatch(pass, _time, _logger) { RequestBytes = length, Reserved = reserved };
        try
        {
            await forwarder.ForwardAsync(call, watch, cut);
        }
        finally
        {
            await watch.EndAsync(cut.IsCancellationRequested);
        }
    }

    private async Task<AccountGate.Closing?> HoldAsync(GatewayPass pass, bool isOfAModel, CancellationToken cut)
    {
        Interlocked.Increment(ref _held);
        try
        {
            await pass.Guest.Held(cut);
            return isOfAModel ? await pass.Upstream.Gate.PassAsync(pass.Guest.ClaimedAt, cut) : null;
        }
        finally
        {
            Interlocked.Decrement(ref _held);
        }
    }

    // The account's key opens more than agents need: files, batches, settings. What is judged is what is sent, letter by letter: a path
    // that is read in two ways could be allowed in the one and lead elsewhere in the other.
    private static CallKind KindOf(HttpContext call) => (call.Request.Method, CallTarget.Of(call).Path) switch
    {
        ("POST", "/v1/messages") => CallKind.Charged,
        ("POST", "/v1/messages/count_tokens") => CallKind.Counting,
        ("GET" or "HEAD", "/" or "/api/hello" or "/v1/models") => CallKind.Free,
        _ => CallKind.Refused,
    };

    private static string? TokenOf(IHeaderDictionary headers)
    {
        const string Bearer = "Bearer ";
        var authorization = headers.Authorization.ToString();
        return headers["x-api-key"].FirstOrDefault()
            ?? (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim() : null);
    }

    private enum CallKind
    {
        Refused,
        Free,
        Counting,
        Charged,
    }
}
