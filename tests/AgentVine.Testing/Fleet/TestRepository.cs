namespace AgentVine.Testing.Fleet;

/// <summary>A repository that somebody made with git: one commit on <c>main</c>.</summary>
public sealed record TestRepository(string Folder)
{
    public static async Task<TestRepository> CreateAsync(string folder)
    {
        var repository = new TestRepository(folder);
        await PlainProgram.RunAsync("git", "init", "--quiet", "--initial-branch=main", folder);
        await File.WriteAllTextAsync(Path.Join(folder, "README.md"), "# A repository\n");
        await repository.GitAsync("add", "--all");
        await repository.GitAsync("-c", "user.name=A person", "-c", "user.email=person@agentvine.invalid", "commit", "--quiet", "--message=A start");
        return repository;
    }

    /// <summary>Runs git in it.</summary>
    public async Task<string> GitAsync(params IEnumerable<string> arguments) =>
        (await PlainProgram.RunAsync("git", arguments.Prepend(Folder).Prepend("-C"))).TrimEnd('\n');
}
