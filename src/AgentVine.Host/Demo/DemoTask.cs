using System.Text.Json;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Host.Demo;

/// <summary>A task of the demo: the same wish, played by the scripted model's script or by the rehearsal's playbook.</summary>
internal sealed record DemoTask(string Title, string Description, TaskType Type, string Script, string Playbook)
{
    public CreateTaskRequest ToRequest(string repository, bool real) => new()
    {
        Title = Title,
        Description = real ? $"{Description}\n\n(The scripted model plays its script [[{Script}]].)" : Description,
        TaskType = Type,
        RepositoryUrl = repository,
        BranchName = "main",
        Payload = real ? null : JsonSerializer.SerializeToElement(new { playbook = Playbook }),
    };
}
