using AgentVine.Contracts.Repositories;

namespace AgentVine.Client;

public sealed partial class VineClient
{
    /// <summary>Names a repository; a task's URL does the same with the defaults.</summary>
    public Task<RepositoryView> CreateRepositoryAsync(CreateRepositoryRequest request, string? idempotencyKey, CancellationToken cancellationToken) =>
        ReadAsync<RepositoryView>(ApiCall.Post("api/v1/repositories", request) with { IdempotencyKey = idempotencyKey }, cancellationToken);

    /// <summary>All repositories.</summary>
    public Task<Page<RepositoryView>> ListRepositoriesAsync(CancellationToken cancellationToken) =>
        ReadPageAsync<RepositoryView>(ApiCall.Get("api/v1/repositories"), cancellationToken);

    /// <summary>One repository.</summary>
    public Task<RepositoryView> GetRepositoryAsync(Guid id, CancellationToken cancellationToken) =>
        ReadAsync<RepositoryView>(ApiCall.Get($"api/v1/repositories/{id:D}"), cancellationToken);

    /// <summary>Changes a repository's limits.</summary>
    public Task<RepositoryView> UpdateRepositoryAsync(Guid id, UpdateRepositoryRequest request, CancellationToken cancellationToken) =>
        ReadAsync<RepositoryView>(ApiCall.Patch($"api/v1/repositories/{id:D}", request), cancellationToken);
}
