using System.Net.Sockets;
using System.Text;

namespace AgentVine.Engine.Tests.Storage;

/// <summary>One connection that a <see cref="ConnectionCutter"/> carries.</summary>
internal sealed class CutConnection(ConnectionCutter cutter, Socket client, Socket server)
{
    private readonly byte[] _requests = new byte[64 * 1024];
    private readonly byte[] _answers = new byte[64 * 1024];

    public async Task CarryAsync(string socket, CancellationToken ended)
    {
        using (server)
        using (client)
        using (var over = CancellationTokenSource.CreateLinkedTokenSource(ended))
        {
            try
            {
                await server.ConnectAsync(new UnixDomainSocketEndPoint(socket), ended);
                var answers = AnswersAsync(over.Token);
                var (cut, commit) = await RequestsAsync(over.Token);
                await over.CancelAsync();
                await answers;
                await MakeAsync(cut, commit, ended);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException)
            {
                // One of the two hung up, or the test is over: both ends are closed.
            }
        }
    }

    private async Task<(Cut? Cut, Memory<byte> Commit)> RequestsAsync(CancellationToken cancellationToken)
    {
        while (await client.ReceiveAsync(_requests, cancellationToken) is var read and > 0)
        {
            var request = _requests.AsMemory(0, read);
            if (Holds(request, "commit\0") && cutter.TakeCut() is { } cut)
            {
                return (cut, request);
            }

            await server.SendAsync(request, cancellationToken);
        }

        return (null, default);
    }

    private async Task AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await server.ReceiveAsync(_answers, cancellationToken) is var read and > 0)
            {
                await client.SendAsync(_answers.AsMemory(0, read), cancellationToken);
            }

            client.Shutdown(SocketShutdown.Both);
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // The other direction saw it too, and ends the connection.
        }
    }

    private async Task MakeAsync(Cut? cut, Memory<byte> commit, CancellationToken ended)
    {
        switch (cut)
        {
            case Cut.HalfOpen:
                client.Close();
                await UntilAnswerAsync("", ended);
                break;
            case Cut.AfterCommit:
                await server.SendAsync(commit, ended);
                await UntilAnswerAsync("COMMIT\0", ended);
                break;
        }
    }

    /// <summary>Reads, and keeps to itself, what the server says, until it says <paramref name="text"/> (if any) or hangs up.</summary>
    private async Task UntilAnswerAsync(string text, CancellationToken ended)
    {
        while (await server.ReceiveAsync(_answers, ended) is var read and > 0)
        {
            if (text.Length > 0 && Holds(_answers.AsMemory(0, read), text))
            {
                return;
            }
        }
    }

    private static bool Holds(Memory<byte> bytes, string text) =>
        Encoding.ASCII.GetString(bytes.Span).Contains(text, StringComparison.Ordinal);
}
