using System.Net;
using System.Net.Sockets;
using AgentVine.Cli.Commands.Doctor;
using AgentVine.Cli.Settings;
using AgentVine.Client;

namespace AgentVine.Host.Doctor;

internal sealed class ServerCheck(VineSettings settings) : IDoctorCheck
{
    public string Name => "server";

    public async Task<DoctorResult> RunAsync(CancellationToken cancellationToken)
    {
        var access = ServerAccess.From(settings);
        using var client = new VineClient(new VineClientOptions { Server = access.Server, Key = access.Key });
        try
        {
            var about = await client.GetAboutAsync(cancellationToken);
            return new DoctorResult(DoctorOutcome.Ok, $"{about.Name} {about.Version} answers at {access.Server}");
        }
        catch (VineUnreachableException)
        {
            return PortIsFree(access.Server)
                ? new DoctorResult(DoctorOutcome.Ok, $"none runs at {access.Server}; the port is free", "vine up")
                : new DoctorResult(DoctorOutcome.Failed, $"something that is no AgentVine holds {access.Server}", "stop it, or choose another port with vine up --port");
        }
    }

    private static bool PortIsFree(Uri server)
    {
        if (!server.IsLoopback)
        {
            return true;
        }

        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, server.Port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
