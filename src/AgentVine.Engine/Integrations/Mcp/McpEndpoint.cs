using System.Text.Json;
using AgentVine.Engine.Conversations;
using AgentVine.Engine.Identity;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Http;
using AgentVine.Engine.Tasks;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AgentVine.Engine.Integrations.Mcp;

/// <summary>The <c>vine</c> MCP server over streamable HTTP, stateless: every POST is answered by itself, for the agent whose token it carries.</summary>
internal static class McpEndpoint
{
    public static async Task Handle(
        HttpContext context,
        IStore store,
        RequestDesk desk,
        RequestWaiter waiter,
        CreateSubtask subtasks,
        TimeProvider time,
        ILoggerFactory loggers,
        CancellationToken cancellationToken)
    {
        var message = await ReadAsync(context, cancellationToken);
        var options = new McpServerOptions
        {
            ServerInfo = new Implementation { Name = "vine", Version = typeof(McpEndpoint).Assembly.GetName().Version!.ToString(3) },
            ToolCollection = [],
        };
        foreach (var tool in new AgentTools(AgentIdentity.Of(context), store, desk, waiter, subtasks, time).All)
        {
            options.ToolCollection.Add(tool);
        }

        await using var transport = new StreamableHttpServerTransport(loggers) { Stateless = true };
        await using var server = McpServer.Create(transport, options, loggers, context.RequestServices);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = server.RunAsync(stop.Token);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache,no-store";
        if (!await transport.HandlePostRequestAsync(message, context.Response.Body, cancellationToken) && !context.Response.HasStarted)
        {
            context.Response.ContentType = null;
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }

        await stop.CancelAsync();
        await running.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private static async Task<JsonRpcMessage> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<JsonRpcMessage>(context.Request.Body, McpJsonUtilities.DefaultOptions, cancellationToken)
                ?? throw new JsonException("null");
        }
        catch (JsonException)
        {
            throw Faults.Of("$", "must be a JSON-RPC 2.0 message");
        }
    }
}
