namespace AgentVine.Git.Clones;

/// <summary>Who commits.</summary>
public sealed record GitIdentity(string Name, string Email)
{
    /// <summary>Agents, unless configured otherwise. The address can belong to nobody.</summary>
    public static GitIdentity Agent { get; } = new("AgentVine agent", "agent@agentvine.invalid");

    internal void Require()
    {
        if (Name.Length == 0 || Name.Concat(Email).Any(character => char.IsControl(character) || character is '<' or '>'))
        {
            throw new ArgumentException($"'{GitText.Quote(Name)}' and '{GitText.Quote(Email)}' are no identity: no control characters and no < >.");
        }
    }
}
