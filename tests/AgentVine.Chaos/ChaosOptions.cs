using System.Globalization;

namespace AgentVine.Chaos;

/// <summary>What the suite is told on its command line.</summary>
internal sealed record ChaosOptions
{
    public const string Usage = "usage: ./chaos.sh [--seed N] [--rounds N] [--real N] [--postgres] [--point NAME]… [--quick] [--keep] | --list | --seed-bug NAME|all";

    /// <summary>The same seed gives the same plan of faults.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How often each place is struck.</summary>
    public int Rounds { get; init; } = 2;

    /// <summary>How many faults strike tasks of the real Claude Code; null takes a dozen where the program is there.</summary>
    public int? Real { get; init; }

    /// <summary>Whether the server keeps its data in a PostgreSQL of its own, which is killed too.</summary>
    public bool Postgres { get; init; }

    /// <summary>Only places whose name holds one of these; all when empty.</summary>
    public IReadOnlyList<string> Points { get; init; } = [];

    /// <summary>Whether the folder of data is left for a look.</summary>
    public bool Keep { get; init; }

    /// <summary>Whether it is to be over soon: one rest at the end, and nothing stays away for longer than it must.</summary>
    public bool Quick { get; init; }

    /// <summary>Whether only the places are listed.</summary>
    public bool List { get; init; }

    /// <exception cref="FormatException">They are not understood.</exception>
    public static ChaosOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new ChaosOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            string Value() => ++i < arguments.Count ? arguments[i] : throw new FormatException($"{arguments[i - 1]} wants a value. {Usage}");
            options = arguments[i] switch
            {
                "--seed" => options with { Seed = Number(Value()) },
                "--rounds" => options with { Rounds = Number(Value()) },
                "--real" => options with { Real = Number(Value()) },
                "--postgres" => options with { Postgres = true },
                "--point" => options with { Points = [.. options.Points, Value()] },
                "--keep" => options with { Keep = true },
                "--quick" => options with { Quick = true },
                "--list" => options with { List = true },
                var unknown => throw new FormatException($"'{unknown}' is not known. {Usage}"),
            };
        }

        return options;
    }

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new FormatException($"'{text}' is no whole number. {Usage}");
}
