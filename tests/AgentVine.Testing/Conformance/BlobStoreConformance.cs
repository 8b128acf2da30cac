using System.Security.Cryptography;
using System.Text;
using AgentVine.Engine.Kernel.Blobs;
using Xunit;

namespace AgentVine.Testing.Conformance;

/// <summary>What every store of blobs promises.</summary>
public abstract class BlobStoreConformance
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The store under test.</summary>
    protected abstract IBlobStore Blobs { get; }

    /// <summary>A tenant that no other test uses.</summary>
    protected abstract Task<Guid> AddOrganizationAsync();

    [Fact]
    public async Task What_is_put_is_found_by_its_content_in_its_organization_alone()
    {
        var (mine, other) = (await AddOrganizationAsync(), await AddOrganizationAsync());
        var content = RandomNumberGenerator.GetBytes(10_000);
        var hash = Convert.ToHexStringLower(SHA256.HashData(content));

        await Blobs.PutAsync(mine, hash, content, Stop);
        await Blobs.PutAsync(mine, hash, content, Stop);

        Assert.Equal(content, await Blobs.FindAsync(mine, hash, Stop));
        Assert.Null(await Blobs.FindAsync(other, hash, Stop));
    }

    [Fact]
    public async Task The_same_content_can_be_put_by_many_at_one_moment()
    {
        var organization = await AddOrganizationAsync();
        var content = RandomNumberGenerator.GetBytes(BlobChunks.ChunkBytes);
        var hash = Convert.ToHexStringLower(SHA256.HashData(content));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Blobs.PutAsync(organization, hash, content, Stop)));

        Assert.Equal(content, await Blobs.FindAsync(organization, hash, Stop));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(BlobChunks.ChunkBytes)]
    [InlineData((2 * BlobChunks.ChunkBytes) + 1)]
    public async Task Long_contents_come_back_whole(int length)
    {
        var organization = await AddOrganizationAsync();
        var chunks = new BlobChunks(Blobs);
        var content = RandomNumberGenerator.GetBytes(length);

        var put = await chunks.PutAsync(organization, new MemoryStream(content), length, Stop);
        var copy = new MemoryStream();
        await chunks.CopyAsync(organization, put!.Value.Chunks, copy, Stop);

        Assert.Equal(content, copy.ToArray());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), put.Value.Sha256);
    }

    [Fact]
    public async Task A_source_that_ends_early_is_told()
    {
        var organization = await AddOrganizationAsync();

        Assert.Null(await new BlobChunks(Blobs).PutAsync(organization, new MemoryStream(Encoding.UTF8.GetBytes("short")), 6, Stop));
    }

    [Fact]
    public async Task A_blob_that_is_missing_is_told_before_half_a_content_is_believed()
    {
        var organization = await AddOrganizationAsync();

        await Assert.ThrowsAsync<InvalidDataException>(
            () => new BlobChunks(Blobs).CopyAsync(organization, [new string('a', 64)], new MemoryStream(), Stop));
    }
}
