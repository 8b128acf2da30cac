using System.Text.Json;
using AgentVine.Contracts;
using AgentVine.Runtimes.Transcripts;

namespace AgentVine.Runtimes.Rehearsal;

/// <summary>
/// What a rehearsed agent remembers of its playbook over a resume: a line for each step that is done, written when it is. Steps are named by
/// their places, as in <c>2.0</c> for the first one inside the third. Used by one turn at a time.
/// </summary>
internal sealed class RehearsalMemory
{
    private readonly string _folder;
    private readonly string _name;
    private readonly List<RehearsalMemoryLine> _lines = [];

    private RehearsalMemory(AgentLaunch launch) =>
        (_folder, _name) = (launch.StateDirectory, RehearsalTranscripts.NameOf(launch.SessionId.ToString()));

    /// <summary>Whether the playbook's turn had ended.</summary>
    public bool IsOver => Current.Any(line => line.Over);

    // What stands before the newest task is another playbook's.
    private List<RehearsalMemoryLine> Current => _lines[(_lines.FindLastIndex(line => line.Task) + 1)..];

    /// <summary>What the launch's session left, or nothing.</summary>
    /// <exception cref="TranscriptException">It cannot be read.</exception>
    public static RehearsalMemory Of(AgentLaunch launch)
    {
        var memory = new RehearsalMemory(launch);
        using var file = launch.Resume ? AgentFolder.OpenRead(memory._folder, memory._name) : null;
        if (file is not null)
        {
            using var reader = new StreamReader(file);
            while (reader.ReadLine() is { } line)
            {
                memory.Remember(line);
            }
        }

        if (launch.NewTask || memory._lines.Count == 0)
        {
            memory.Add(new RehearsalMemoryLine { Task = true });
        }

        return memory;
    }

    public bool IsDone(string step) => Current.Any(line => line.Done == step);

    /// <summary>Whether it was asked, and nothing answered, when the run was cut.</summary>
    public bool WasAsked(string step) => Current.Any(line => line.Asked == step) && !IsDone(step);

    /// <summary>Whether leave was given for a step whose inner steps are not all done.</summary>
    public bool IsAllowed(string step) => Current.Any(line => line.Allowed == step);

    public bool IsGranted(string tool) => _lines.Any(line => line.Granted == tool);

    public void Do(string step) => Add(new RehearsalMemoryLine { Done = step });

    public void Ask(string step) => Add(new RehearsalMemoryLine { Asked = step });

    public void Allow(string step) => Add(new RehearsalMemoryLine { Allowed = step });

    public void Grant(string tool) => Add(new RehearsalMemoryLine { Granted = tool });

    public void End() => Add(new RehearsalMemoryLine { Over = true });

    private void Remember(string line)
    {
        try
        {
            _lines.Add(JsonSerializer.Deserialize<RehearsalMemoryLine>(line, VineJson.Options) ?? new RehearsalMemoryLine());
        }
        catch (JsonException)
        {
            // A command of the playbook may have written here: what is no line of ours is not remembered.
        }
    }

    // The folder is the agent's: what stands there is replaced, never opened to be written to.
    private void Add(RehearsalMemoryLine line)
    {
        _lines.Add(line);
        var draft = Path.Join(_folder, $"{_name}.{Guid.NewGuid():N}");
        using (var file = new StreamWriter(new FileStream(draft, FileMode.CreateNew, FileAccess.Write)))
        {
            _lines.ForEach(each => file.WriteLine(JsonSerializer.Serialize(each, VineJson.Options)));
        }

        File.Move(draft, Path.Join(_folder, _name), overwrite: true);
    }
}
