using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentVine.Engine.Kernel.Blobs;

/// <summary>Contents by their hash: files beside an embedded database, rows in a shared one.</summary>
public static class BlobsModule
{
    /// <summary>Registers the store of blobs; <paramref name="folder"/> is used where the database is this machine's own.</summary>
    public static IServiceCollection AddBlobs(this IServiceCollection services, string folder)
    {
        services.TryAddSingleton<IBlobStore>(provider =>
        {
            var store = provider.GetRequiredService<IStore>();
            return store.Dialect.IsShared ? new DatabaseBlobs(store) : new FolderBlobs(folder);
        });
        services.TryAddSingleton<BlobChunks>();
        return services;
    }
}
