using System.Buffers.Binary;
using System.Text;
using AgentVine.Git.Names;

namespace AgentVine.Git.Bundles;

/// <summary>The head of a bundle, versions 2 and 3 (<c>gitformat-bundle</c>), with the first twelve bytes of its pack.</summary>
internal sealed record BundleHeader(string Reference, string Commit, IReadOnlyList<string> Prerequisites, int Length)
{
    private const int Longest = 1024 * 1024;
    private const int MostPrerequisites = 10_000;
    private const int PackHeader = 12;

    // A pack entry is at least one byte of type and size, and eight of an empty zlib stream; the pack ends with a 20-byte hash.
    private const int SmallestEntry = 9;

    public static async Task<BundleHeader> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[Math.Min(Longest + PackHeader, stream.Length)];
        await stream.ReadExactlyAsync(buffer, cancellationToken);
        var end = buffer.AsSpan().IndexOf("\n\n"u8);
        if (end < 0 || end > Longest)
        {
            throw Malformed("it has no header that ends within a mebibyte");
        }

        var length = end + 2;
        var header = Parse(Encoding.UTF8.GetString(buffer, 0, end).Split('\n'), length);
        CheckPack(buffer.AsSpan(length), stream.Length - length);
        return header;
    }

    private static BundleHeader Parse(string[] lines, int length)
    {
        var version = lines[0] switch
        {
            "# v2 git bundle" => 2,
            "# v3 git bundle" => 3,
            _ => throw Malformed("it does not begin like a bundle of version 2 or 3"),
        };
        var prerequisites = new List<string>();
        var references = new List<(string Commit, string Name)>();
        foreach (var line in lines.AsSpan(1))
        {
            if (line.StartsWith('@'))
            {
                CheckCapability(line, version, isFirst: prerequisites.Count + references.Count == 0);
            }
            else if (line.StartsWith('-') && references.Count == 0)
            {
                prerequisites.Add(IdOf(line[1..], mayStandAlone: true).Commit);
            }
            else
            {
                references.Add(IdOf(line, mayStandAlone: false));
            }
        }

        if (references.Count != 1)
        {
            throw new BundleException(BundleFault.WrongReference, $"The bundle brings {references.Count} refs; exactly one is taken.");
        }

        return prerequisites.Count <= MostPrerequisites
            ? new BundleHeader(references[0].Name, references[0].Commit, prerequisites, length)
            : throw Malformed($"it names more than {MostPrerequisites} prerequisites");
    }

    private static void CheckCapability(string line, int version, bool isFirst)
    {
        if (version != 3 || !isFirst || line != "@object-format=sha1")
        {
            throw Malformed($"it has '{GitText.Quote(line)}', which is not taken: only whole bundles of SHA-1 objects are");
        }
    }

    private static (string Commit, string Tail) IdOf(string line, bool mayStandAlone)
    {
        var isWhole = line.Length > CommitId.Length + 1 && line[CommitId.Length] == ' ';
        var isAlone = mayStandAlone && line.Length <= CommitId.Length + 1;
        var id = line[..Math.Min(CommitId.Length, line.Length)];
        return (isWhole || isAlone) && CommitId.IsValid(id)
            ? (id, isWhole ? line[(CommitId.Length + 1)..] : "")
            : throw Malformed("a line of its header is neither a prerequisite nor a ref");
    }

    private static void CheckPack(ReadOnlySpan<byte> start, long length)
    {
        if (start.Length < PackHeader || !start.StartsWith("PACK"u8) || BinaryPrimitives.ReadUInt32BigEndian(start[4..]) is not (2 or 3))
        {
            throw Malformed("no pack follows its header");
        }

        // Git sets memory aside by this number before it reads the first object.
        var objects = BinaryPrimitives.ReadUInt32BigEndian(start[8..]);
        if (objects > (length - PackHeader) / SmallestEntry)
        {
            throw Malformed($"its pack claims {objects} objects, which do not fit into {length} bytes");
        }
    }

    private static BundleException Malformed(string rule) => new(BundleFault.Malformed, $"This is no acceptable bundle: {rule}.");
}
