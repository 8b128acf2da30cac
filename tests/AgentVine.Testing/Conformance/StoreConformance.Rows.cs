using AgentVine.Contracts;
using AgentVine.Contracts.Tasks;
using Xunit;

namespace AgentVine.Testing.Conformance;

/// <summary>How rows become records and parameters become columns.</summary>
public abstract partial class StoreConformance
{
    private const string CreateSamples = """
        create table if not exists samples (
            id text not null primary key, parent_id text, state text not null, attempt integer not null, size_limit integer,
            is_open integer not null, was_open integer, made_at bigint not null, ended_at bigint, cost_usd numeric, ratio double precision,
            organization_id text not null)
        """;

    private const string InsertSample = """
        insert into samples (id, parent_id, state, attempt, size_limit, is_open, was_open, made_at, ended_at, cost_usd, ratio, organization_id)
        values (@Id, @ParentId, @State, @Attempt, @SizeLimit, @IsOpen, @WasOpen, @MadeAt, @EndedAt, @CostUsd, @Ratio, @OrganizationId)
        """;

    private const string SelectSamples = """
        select id, parent_id, state, attempt, size_limit, is_open, was_open, made_at, ended_at, cost_usd, ratio
        from samples where organization_id = @OrganizationId order by attempt
        """;

    [Fact]
    public async Task Rows_come_back_as_the_parameters_went_in()
    {
        var full = new Sample(
            Guid.NewGuid(), Guid.NewGuid(), "in_progress", 1, 7, true, false, DateTimeOffset.UnixEpoch.AddTicks(12340), DateTimeOffset.UnixEpoch, 0.1234m, 0.5);
        var whole = full with { Id = Guid.NewGuid(), Attempt = 3, CostUsd = 2m, Ratio = 3 };
        var empty = new Sample(Guid.NewGuid(), null, "queued", 2, null, false, null, DateTimeOffset.UnixEpoch.AddYears(60), null, null, null);

        // The whole numbers come last: SQLite hands them over as another type than the row before did.
        await AddSamplesAsync(full, empty, whole);

        var positional = await Store.ReadAsync(_organization, session => session.QueryAsync<Sample>(SelectSamples), Cancellation);
        Assert.Equal([full, empty, whole], positional);
        var initialized = await Store.ReadAsync(_organization, session => session.QueryAsync<InitSample>(SelectSamples), Cancellation);
        Assert.Equal([full.Id, empty.Id, whole.Id], initialized.Select(sample => sample.Id));
        Assert.Equal([full.ParentId, null, whole.ParentId], initialized.Select(sample => sample.ParentId));
        Assert.Equal([(7, true, false), (null, false, null), (7, true, false)], initialized.Select(sample => (sample.SizeLimit, sample.IsOpen, sample.WasOpen)));
        Assert.Equal(positional.Select(sample => (sample.MadeAt, sample.EndedAt)), initialized.Select(sample => (sample.MadeAt, sample.EndedAt)));
        Assert.Equal([(0.1234m, 0.5), (null, null), (2m, 3)], initialized.Select(sample => (sample.CostUsd, sample.Ratio)));
    }

    [Fact]
    public async Task Enums_are_stored_by_their_wire_names()
    {
        await WriteAsync(unit => unit.ExecuteAsync(
            "insert into marks (organization_id, label, n) values (@OrganizationId, @Status, @N)",
            new { Status = AgentTaskStatus.InProgress, N = NextMark() }));

        var stored = await Store.ReadAsync(
            _organization,
            session => session.FirstOrDefaultAsync<string>("select label from marks where organization_id = @OrganizationId"),
            Cancellation);

        Assert.Equal("in_progress", stored);
        Assert.Equal(AgentTaskStatus.InProgress, VineJson.Parse<AgentTaskStatus>(stored!));
    }

    [Fact]
    public async Task Single_columns_and_absent_rows_have_their_plain_types()
    {
        var sample = new Sample(Guid.NewGuid(), null, "queued", 1, null, true, null, DateTimeOffset.UnixEpoch, null, 1.5m, null);
        await AddSamplesAsync(sample);

        Assert.Equal(sample.Id, await OneAsync<Guid>("id"));
        Assert.Null(await OneAsync<Guid?>("parent_id"));
        Assert.Equal(1, await OneAsync<int>("attempt"));
        Assert.Equal(1L, await OneAsync<long?>("attempt"));
        Assert.Null(await OneAsync<int?>("size_limit"));
        Assert.True(await OneAsync<bool>("is_open"));
        Assert.Equal(sample.MadeAt, await OneAsync<DateTimeOffset>("made_at"));
        Assert.Equal(1L, await OneAsync<long>("sum(attempt)"));
        Assert.Null(await OneAsync<long?>("max(size_limit)"));
        Assert.Equal(0, await OneAsync<int>("max(size_limit)"));
        Assert.Null(await Store.ReadAsync(
            _organization, session => session.FirstOrDefaultAsync<Sample>(SelectSamples + " limit 0"), Cancellation));
    }

    [Fact]
    public async Task A_record_that_does_not_fit_its_columns_is_told_how()
    {
        await AddSamplesAsync(new Sample(Guid.NewGuid(), null, "queued", 1, null, true, null, DateTimeOffset.UnixEpoch, null, null, null));

        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => OneAsync<Pair>("attempt, id"));
        Assert.Contains("in its order: Id, Attempt", thrown.Message, StringComparison.Ordinal);
        thrown = await Assert.ThrowsAnyAsync<Exception>(() => OneAsync<InitSample>("id, attempt as attempts"));
        Assert.Contains("no settable property for the column attempts", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_parameter_that_no_column_holds_is_refused()
    {
        var thrown = await Assert.ThrowsAsync<ArgumentException>(
            () => WriteAsync(unit => unit.ExecuteAsync("select @Ids", new { Ids = new[] { 1, 2 } })));

        Assert.Contains("Ids", thrown.Message, StringComparison.Ordinal);
    }

    private Task<T?> OneAsync<T>(string column) => Store.ReadAsync(
        _organization,
        session => session.FirstOrDefaultAsync<T>($"select {column} from samples where organization_id = @OrganizationId"),
        Cancellation);

    private Task<int> AddSamplesAsync(params Sample[] samples) => WriteAsync(async unit =>
    {
        await unit.ExecuteAsync(CreateSamples);
        foreach (var sample in samples)
        {
            await unit.ExecuteAsync(InsertSample, sample);
        }

        return 0;
    });

    private sealed record Pair(Guid Id, int Attempt);

    private sealed record Sample(
        Guid Id,
        Guid? ParentId,
        string State,
        int Attempt,
        int? SizeLimit,
        bool IsOpen,
        bool? WasOpen,
        DateTimeOffset MadeAt,
        DateTimeOffset? EndedAt,
        decimal? CostUsd,
        double? Ratio);

    private sealed record InitSample
    {
        public required Guid Id { get; init; }

        public Guid? ParentId { get; init; }

        public required string State { get; init; }

        public int Attempt { get; init; }

        public int? SizeLimit { get; init; }

        public bool IsOpen { get; init; }

        public bool? WasOpen { get; init; }

        public DateTimeOffset MadeAt { get; init; }

        public DateTimeOffset? EndedAt { get; init; }

        public decimal? CostUsd { get; init; }

        public double? Ratio { get; init; }
    }
}
