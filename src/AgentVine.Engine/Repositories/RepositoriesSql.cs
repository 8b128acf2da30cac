namespace AgentVine.Engine.Repositories;

internal static class RepositoriesSql
{
    private const string Columns = "id, url, default_branch, max_concurrent, daily_budget, created_at";

    public const string Insert = """
        insert into repositories (organization_id, id, url, max_concurrent, daily_budget, created_at)
        values (@OrganizationId, @Id, @Url, @MaxConcurrent, @DailyBudget, @Now) on conflict (organization_id, url) do nothing
        """;

    public const string Find = $"select {Columns} from repositories where organization_id = @OrganizationId and id = @Id";

    public const string OfUrl = $"select {Columns} from repositories where organization_id = @OrganizationId and url = @Url";

    public const string All = $"select {Columns} from repositories where organization_id = @OrganizationId order by url";

    public const string SetLimit = """
        update repositories set max_concurrent = @MaxConcurrent where organization_id = @OrganizationId and id = @Id
        """;

    public const string SetBudget = """
        update repositories set daily_budget = @DailyBudget where organization_id = @OrganizationId and id = @Id
        """;

    public const string SetDefaultBranch = """
        update repositories set default_branch = @DefaultBranch where organization_id = @OrganizationId and id = @Id
        """;
}
