using System.Text;
using System.Text.Json;
using AgentVine.Cli;
using AgentVine.Cli.Commands.Doctor;
using AgentVine.Cli.Output;

namespace AgentVine.System.Tests.Cli;

/// <summary>One run of <c>vine</c> in this process: what it wrote and how it ended.</summary>
internal sealed record CommandLineRun(ExitCode Code, string Out, string Error)
{
    /// <summary>Standard output as JSON.</summary>
    public JsonElement Json => JsonElement.Parse(Out);

    public string[] Lines => Out.TrimEnd('\n').Split('\n');

    public static Task<CommandLineRun> Of(FakeApi api, params string[] arguments) => new Setup { Server = api.Url }.RunAsync(arguments);

    /// <summary>The world of a run.</summary>
    public sealed class Setup
    {
        public Uri? Server { get; init; }

        public string Input { get; init; } = "";

        public bool Terminal { get; init; }

        public bool Colors { get; init; }

        public int Columns { get; init; } = 100;

        public int Rows { get; init; } = 24;

        /// <summary>Whether the terminal's cursor can be moved.</summary>
        public bool Repaints { get; init; }

        public string WorkingDirectory { get; init; } = Path.GetTempPath();

        public Dictionary<string, string> Environment { get; init; } = [];

        public IReadOnlyList<IDoctorCheck> Checks { get; init; } = [];

        public async Task<CommandLineRun> RunAsync(params string[] arguments)
        {
            using var output = new MemoryStream();
            using var error = new MemoryStream();
            var environment = new Dictionary<string, string>(Environment);
            // No test may find the data folder of the person who runs it.
            environment.TryAdd("VINE_DATA", Path.Combine(Path.GetTempPath(), "vine-tests-without-data"));
            if (Server is not null)
            {
                environment.TryAdd("VINE_SERVER", Server.ToString());
            }

            var context = new CommandContext
            {
                Console = new VineConsole(output, error, new StringReader(Input))
                {
                    OutIsTerminal = Terminal,
                    ErrorIsTerminal = Terminal,
                    InIsTerminal = Terminal,
                    Colors = Colors,
                    Columns = () => Columns,
                    Rows = () => Rows,
                    CanRepaint = Repaints,
                },
                Environment = environment,
                WorkingDirectory = WorkingDirectory,
                DoctorChecks = _ => Checks,
            };
            var code = await VineCommandLine.RunAsync(context, [], arguments);
            return new CommandLineRun((ExitCode)code, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()));
        }
    }
}
