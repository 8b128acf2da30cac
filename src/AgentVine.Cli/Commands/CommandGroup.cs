using System.CommandLine;
using System.CommandLine.Help;

namespace AgentVine.Cli.Commands;

/// <summary>A noun with its verbs. Alone it shows its help.</summary>
internal sealed class CommandGroup : Command
{
    public CommandGroup(string name, string description, params IEnumerable<Command> verbs)
        : base(name, description)
    {
        foreach (var verb in verbs)
        {
            Add(verb);
        }

        SetAction(static parsed => new HelpAction().Invoke(parsed));
    }
}
