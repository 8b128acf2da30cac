using System.Security.Cryptography;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Blobs;
using AgentVine.Testing.Conformance;
using Xunit;

namespace AgentVine.Engine.Tests.Storage;

public sealed class FolderBlobsTests : BlobStoreConformance, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vine-blobs-").FullName;

    protected override IBlobStore Blobs => new FolderBlobs(_folder);

    [Fact]
    public async Task What_was_damaged_on_disk_is_not_handed_out()
    {
        var organization = await AddOrganizationAsync();
        var content = RandomNumberGenerator.GetBytes(100);
        var put = await new BlobChunks(Blobs).PutAsync(organization, new MemoryStream(content), content.Length, TestContext.Current.CancellationToken);
        var file = Assert.Single(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
        content[5]++;
        await File.WriteAllBytesAsync(file, content, TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<InvalidDataException>(
            () => new BlobChunks(Blobs).CopyAsync(organization, put!.Value.Chunks, new MemoryStream(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_said_to_be_so()
    {
        var file = Path.Join(_folder, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<StoreUnavailableException>(
            () => new FolderBlobs(file).PutAsync(Guid.NewGuid(), new string('a', 64), [1], TestContext.Current.CancellationToken));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    protected override Task<Guid> AddOrganizationAsync() => Task.FromResult(Guid.NewGuid());
}
