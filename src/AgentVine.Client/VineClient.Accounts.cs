using AgentVine.Contracts;
using AgentVine.Contracts.Accounts;
using AgentVine.Contracts.Executions;

namespace AgentVine.Client;

public sealed partial class VineClient
{
    /// <summary>All model accounts.</summary>
    public Task<Page<AccountView>> ListAccountsAsync(CancellationToken cancellationToken) =>
        ReadPageAsync<AccountView>(ApiCall.Get("api/v1/accounts"), cancellationToken);

    /// <summary>One account.</summary>
    /// <exception cref="VineApiException">404 <see cref="ErrorCodes.AccountsNotFound"/>.</exception>
    public Task<AccountView> GetAccountAsync(string name, CancellationToken cancellationToken) =>
        ReadAsync<AccountView>(ApiCall.Get(AccountPath(name)), cancellationToken);

    /// <summary>Starts nothing more on an account; what runs on it goes on.</summary>
    public Task<AccountView> CloseAccountAsync(string name, CloseAccountRequest request, CancellationToken cancellationToken) =>
        ReadAsync<AccountView>(ApiCall.Post(AccountPath(name, "/close"), request), cancellationToken);

    /// <summary>Lets an account take work again.</summary>
    public Task<AccountView> OpenAccountAsync(string name, CancellationToken cancellationToken) =>
        ReadAsync<AccountView>(ApiCall.Post(AccountPath(name, "/open")), cancellationToken);

    /// <summary>Tells what the provider said of an account. Told twice, it is one limit.</summary>
    /// <returns>The account as it stands then, closed until when.</returns>
    public Task<AccountView> ReportAccountLimitAsync(string name, AccountLimitRequest request, CancellationToken cancellationToken) =>
        ReadAsync<AccountView>(ApiCall.Post(AccountPath(name, "/limits"), request), cancellationToken);

    /// <summary>Stores usage by minute and model; a row that was told before is replaced.</summary>
    /// <exception cref="VineApiException">409 <see cref="ErrorCodes.QueueLeaseLost"/>: that is not this attempt's token.</exception>
    public Task StoreUsageAsync(Guid id, UsageRequest request, CancellationToken cancellationToken) =>
        SendAsync(ApiCall.Put($"api/v1/executions/{id:D}/usage", request), cancellationToken);

    /// <summary>An attempt's usage by minute and model, oldest first.</summary>
    public Task<IReadOnlyList<UsageRow>> ListUsageAsync(Guid id, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<UsageRow>>(ApiCall.Get($"api/v1/executions/{id:D}/usage"), cancellationToken);

    /// <summary>Asks for leave to spend. Cumulative, so that a call that is sent again does no harm.</summary>
    /// <exception cref="VineApiException">409 <see cref="ErrorCodes.QueueLeaseLost"/>: the attempt is over.</exception>
    public Task<BudgetResponse> AskBudgetAsync(Guid id, BudgetRequest request, CancellationToken cancellationToken) =>
        ReadAsync<BudgetResponse>(ApiCall.Post($"api/v1/executions/{id:D}/budget", request), cancellationToken);

    private static string AccountPath(string name, string rest = "") => $"api/v1/accounts/{Uri.EscapeDataString(name)}{rest}";
}
