using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace AgentVine.Worker.Tests.Git;

/// <summary>Writes bundles that git itself never would.</summary>
internal sealed class HandmadePack
{
    private readonly List<byte> _entries = [];
    private uint _count;

    public enum Kind
    {
        Commit = 1,
        Tree = 2,
        Blob = 3,
        OffsetDelta = 6,
    }

    /// <summary>Adds an object; returns its id. <paramref name="claimedSize"/> is what its entry says that it holds.</summary>
    public string Add(Kind kind, byte[] content, long? claimedSize = null)
    {
        WriteEntryHead(kind, claimedSize ?? content.Length);
        Compress(content);
        var head = Encoding.ASCII.GetBytes($"{kind.ToString().ToLowerInvariant()} {content.Length}\0");
        return Convert.ToHexStringLower(Hash([.. head, .. content]));
    }

    public string AddBlob(string content) => Add(Kind.Blob, Encoding.UTF8.GetBytes(content));

    public string AddTree(params (string Mode, string Name, string Id)[] entries) => Add(
        Kind.Tree,
        [.. entries.SelectMany(entry => (byte[])[.. Encoding.UTF8.GetBytes($"{entry.Mode} {entry.Name}\0"), .. Convert.FromHexString(entry.Id)])]);

    public string AddCommit(string tree, params string[] parents) => Add(
        Kind.Commit,
        Encoding.UTF8.GetBytes(
            $"tree {tree}\n{string.Concat(parents.Select(parent => $"parent {parent}\n"))}"
            + "author A <a@example.invalid> 1700000000 +0000\ncommitter A <a@example.invalid> 1700000000 +0000\n\nMade by hand\n"));

    /// <summary>
    /// A delta of a few bytes that claims to make <paramref name="resultSize"/> bytes of an earlier entry of <paramref name="baseSize"/>.
    /// </summary>
    public void AddDeltaBomb(int entryStart, int baseSize, long resultSize)
    {
        byte[] delta = [.. Variable(baseSize), .. Variable(resultSize), 0x91, 0, 1];
        var distance = _entries.Count - entryStart;
        WriteEntryHead(Kind.OffsetDelta, delta.Length);
        _entries.AddRange(Offset(distance));
        Compress(delta);
    }

    public int Position => _entries.Count;

    public byte[] ToBundle(string header, uint? claimedCount = null)
    {
        var numbers = new byte[8];
        BinaryPrimitives.WriteUInt32BigEndian(numbers, 2);
        BinaryPrimitives.WriteUInt32BigEndian(numbers.AsSpan(4), claimedCount ?? _count);
        byte[] pack = [.. "PACK"u8, .. numbers, .. _entries];
        return [.. Encoding.UTF8.GetBytes(header), .. pack, .. Hash(pack)];
    }

    private void WriteEntryHead(Kind kind, long size)
    {
        _count++;
        var first = (byte)(((int)kind << 4) | (int)(size & 15));
        size >>= 4;
        _entries.Add(size > 0 ? (byte)(first | 0x80) : first);
        _entries.AddRange(size > 0 ? Variable(size) : []);
    }

    private void Compress(byte[] content)
    {
        using var stream = new MemoryStream();
        using (var zlib = new ZLibStream(stream, CompressionLevel.Optimal))
        {
            zlib.Write(content);
        }

        _entries.AddRange(stream.ToArray());
    }

    [SuppressMessage("Security", "CA5350", Justification = "It is what git names objects by.")]
    private static byte[] Hash(byte[] content) => SHA1.HashData(content);

    private static byte[] Variable(long value)
    {
        var bytes = new List<byte>();
        do
        {
            bytes.Add((byte)((value & 0x7f) + (value > 0x7f ? 0x80 : 0)));
            value >>= 7;
        }
        while (value > 0);

        return [.. bytes];
    }

    private static byte[] Offset(long distance)
    {
        var bytes = new List<byte> { (byte)(distance & 0x7f) };
        while ((distance >>= 7) > 0)
        {
            distance--;
            bytes.Insert(0, (byte)(0x80 + (distance & 0x7f)));
        }

        return [.. bytes];
    }
}
