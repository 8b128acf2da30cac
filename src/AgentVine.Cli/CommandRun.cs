using System.CommandLine;
using System.Text.Json;
using AgentVine.Cli.Settings;
using AgentVine.Client;
using AgentVine.Contracts;
using Spectre.Console;

namespace AgentVine.Cli;

/// <summary>One run of a command: what was typed, the settings, where output goes, and the client.</summary>
public sealed class CommandRun : IDisposable
{
    private static readonly JsonSerializerOptions Indented = new(VineJson.Options) { WriteIndented = true };
    private readonly ParseResult _parsed;
    private ServerAccess? _access;
    private VineClient? _client;

    internal CommandRun(CommandContext context, ParseResult parsed)
    {
        _parsed = parsed;
        Context = context;
        Json = parsed.GetValue<bool>(GlobalOptions.Json);
        Painter = context.Console.Painter(error: Json);
        Settings = VineSettings.Load(
            context.Environment,
            context.WorkingDirectory,
            ("server", parsed.GetValue<string>(GlobalOptions.Server), GlobalOptions.Server),
            ("api_key", parsed.GetValue<string>(GlobalOptions.Key), GlobalOptions.Key),
            ("data", parsed.GetValue<string>(GlobalOptions.Data), GlobalOptions.Data));
    }

    /// <summary>The world around.</summary>
    public CommandContext Context { get; }

    /// <summary>Flags, environment and files.</summary>
    public VineSettings Settings { get; }

    /// <summary>Whether standard output is for data alone.</summary>
    public bool Json { get; }

    /// <summary>For people: standard output, or standard error beside <c>--json</c>.</summary>
    public IAnsiConsole Painter { get; }

    /// <summary>The terminal's columns; null where output is no terminal and nothing is to be cut.</summary>
    public int? Width => Context.Console.OutIsTerminal ? Context.Console.Columns() : null;

    /// <summary>The server and key.</summary>
    public ServerAccess Access => _access ??= ServerAccess.From(Settings);

    /// <summary>The client of that server.</summary>
    public VineClient Client => _client ??= Connect();

    /// <summary>The value of an option.</summary>
    public T? Get<T>(Option<T> option) => _parsed.GetValue(option);

    /// <summary>The value of an argument.</summary>
    public T? Get<T>(Argument<T> argument) => _parsed.GetValue(argument);

    /// <summary>Writes <paramref name="data"/> to standard output in the API's JSON.</summary>
    public void WriteData<T>(T data) => Context.Console.Out.WriteLine(JsonSerializer.Serialize(data, Indented));

    /// <summary>Writes one item of an endless list: a line of JSON.</summary>
    public void WriteDataLine<T>(T data) => Context.Console.Out.WriteLine(JsonSerializer.Serialize(data, VineJson.Options));

    /// <summary>Tells people something beside the data: on standard error, whatever <c>--json</c> says.</summary>
    public void Note(string text) => Context.Console.Error.WriteLine(text);

    /// <inheritdoc/>
    public void Dispose() => _client?.Dispose();

    private VineClient Connect()
    {
        try
        {
            return Context.CreateClient(new VineClientOptions { Server = Access.Server, Key = Access.Key, TimeProvider = Context.Time });
        }
        catch (ArgumentException exception)
        {
            throw new CommandException(ExitCode.Usage, $"{exception.Message} (key from {Access.KeySource})", exception);
        }
    }
}
