using System.Globalization;
using AgentVine.Runtimes.Processes;

namespace AgentVine.Runtimes.Tests.Processes;

/// <summary>The folders of an attempt, below one that nobody but its owner may pass.</summary>
internal sealed class TestFolders : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("vine-processes-");

    public TestFolders()
    {
        Clone = _root.CreateSubdirectory("clone").FullName;
        State = _root.CreateSubdirectory("state").FullName;
    }

    public string Root => _root.FullName;

    public string Clone { get; }

    public string State { get; }

    public Guid ExecutionId { get; } = Guid.NewGuid();

    public ProcessSpec Spec(string fileName, params string[] arguments) => new()
    {
        ExecutionId = ExecutionId,
        FileName = fileName,
        Arguments = arguments,
        WorkingDirectory = Clone,
        StateDirectory = State,
        Writable = [Clone],
    };

    public ProcessSpec Shell(FormattableString line) => Spec("sh", "-c", line.ToString(CultureInfo.InvariantCulture));

    public ProcessSpec Shell(string line) => Spec("sh", "-c", line);

    public void Dispose() => _root.Delete(recursive: true);
}
