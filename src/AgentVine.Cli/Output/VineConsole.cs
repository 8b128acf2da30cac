using System.Text;
using Spectre.Console;

namespace AgentVine.Cli.Output;

/// <summary>What a command reads from and writes to. Data goes to standard output; words of the program itself to standard error.</summary>
public sealed class VineConsole
{
    // The terminal wraps long lines itself, so that what is copied from it has no breaks of ours.
    private const int Unbroken = 100_000;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>A console over two streams, neither of them a terminal.</summary>
    public VineConsole(Stream output, Stream error, TextReader input)
    {
        OutStream = output;
        Out = new StreamWriter(output, Utf8) { NewLine = "\n" };
        Error = new StreamWriter(error, Utf8) { NewLine = "\n", AutoFlush = true };
        In = input;
    }

    /// <summary>Standard output, for bytes that are passed through; flush <see cref="Out"/> before.</summary>
    public Stream OutStream { get; }

    /// <summary>Standard output. Flushed at a command's end, before a prompt, and wherever a follower pauses.</summary>
    public TextWriter Out { get; }

    /// <summary>Standard error; not buffered.</summary>
    public TextWriter Error { get; }

    /// <summary>Standard input.</summary>
    public TextReader In { get; }

    /// <summary>Whether standard output is a terminal.</summary>
    public bool OutIsTerminal { get; init; }

    /// <summary>Whether standard error is a terminal.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Whether standard input is a terminal.</summary>
    public bool InIsTerminal { get; init; }

    /// <summary>Whether a terminal gets colours.</summary>
    public bool Colors { get; init; }

    /// <summary>Whether standard output is a terminal whose cursor can be moved.</summary>
    public bool CanRepaint { get; init; }

    /// <summary>The terminal's rows; asked anew each time.</summary>
    public Func<int> Rows { get; init; } = static () => 24;

    /// <summary>The terminal's columns; asked anew each time.</summary>
    public Func<int> Columns { get; init; } = static () => 120;

    /// <summary>Whether a person is there to be asked.</summary>
    public bool CanPrompt => InIsTerminal && OutIsTerminal;

    /// <summary>The console of this process.</summary>
    public static VineConsole ForProcess(IReadOnlyDictionary<string, string> environment)
    {
        if (OperatingSystem.IsWindows())
        {
            Console.OutputEncoding = Utf8;
        }

        var terminal = environment.GetValueOrDefault("TERM");
        return new VineConsole(Console.OpenStandardOutput(), Console.OpenStandardError(), Console.In)
        {
            OutIsTerminal = !Console.IsOutputRedirected,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            InIsTerminal = !Console.IsInputRedirected,
            Colors = string.IsNullOrEmpty(environment.GetValueOrDefault("NO_COLOR")) && terminal is not "dumb",
            CanRepaint = !Console.IsOutputRedirected && terminal is not "dumb",
            Rows = static () => Math.Max(Console.WindowHeight, 8),
            Columns = static () => Math.Max(Console.WindowWidth, 40),
        };
    }

    /// <summary>Styled text to standard output, or to standard error.</summary>
    public IAnsiConsole Painter(bool error) => PainterOn(error ? Error : Out, Colors && (error ? ErrorIsTerminal : OutIsTerminal));

    /// <summary>Styled text to <paramref name="writer"/>.</summary>
    public static IAnsiConsole PainterOn(TextWriter writer, bool colors)
    {
        var painter = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = colors ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colors ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        painter.Profile.Width = Unbroken;
        painter.Profile.Capabilities.Unicode = true;
        return painter;
    }

    /// <summary>One line of input; null at its end.</summary>
    public async Task<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        await Out.FlushAsync(cancellationToken);
        // A terminal's read cannot be cancelled: it is left behind, and ends with the program.
        return await Task.Run(In.ReadLine, cancellationToken).WaitAsync(cancellationToken);
    }
}
