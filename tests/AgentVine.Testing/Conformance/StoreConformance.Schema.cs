using System.Globalization;
using AgentVine.Engine.Kernel;
using Xunit;

namespace AgentVine.Testing.Conformance;

/// <summary>Migrations, and constraints that speak up at the commit.</summary>
public abstract partial class StoreConformance
{
    private const string Forge = "update schema_migrations set hash = @Hash where number = 1";

    [Fact]
    public async Task Migrating_again_changes_nothing()
    {
        await Task.WhenAll(Store.MigrateAsync(Cancellation), Store.MigrateAsync(Cancellation));

        var applied = await QueryAsync<string>("select name from schema_migrations order by number");
        Assert.Equal(MigrationScript.For(Store.Dialect).Select(script => script.Name), applied);
    }

    [Fact]
    public async Task A_script_that_changed_after_it_was_applied_is_refused_by_name()
    {
        var hash = (await QueryAsync<string>("select hash from schema_migrations where number = 1"))[0];
        await WriteAsync(unit => unit.ExecuteAsync(Forge, new { Hash = "other" }));

        var thrown = await Assert.ThrowsAsync<StoreRefusedException>(() => Store.MigrateAsync(Cancellation));

        Assert.Contains("0001_kernel", thrown.Message, StringComparison.Ordinal);
        await WriteAsync(unit => unit.ExecuteAsync(Forge, new { Hash = hash }));
        await Store.MigrateAsync(Cancellation);
    }

    [Fact]
    public async Task A_schema_of_a_newer_program_is_refused()
    {
        await WriteAsync(unit => unit.ExecuteAsync(
            "insert into schema_migrations (number, name, hash, applied_at) values (9999, '9999_future', '', 0)"));

        var thrown = await Assert.ThrowsAsync<StoreRefusedException>(() => Store.MigrateAsync(Cancellation));

        Assert.Contains("made by a newer vine", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("9999_future", thrown.Message, StringComparison.Ordinal);
        await WriteAsync(unit => unit.ExecuteAsync("delete from schema_migrations where number = 9999"));
    }

    [Fact]
    public async Task A_unit_that_only_the_commit_refuses_leaves_nothing_and_spares_the_others()
    {
        await WriteAsync(unit => unit.ExecuteAsync(
            "create table if not exists promises (organization_id text references organizations (id) deferrable initially deferred)"));
        var effects = 0;
        var units = Enumerable.Range(0, 20).Select(number => WriteAsync(async unit =>
        {
            unit.OnCommitted(() => Interlocked.Increment(ref effects));
            unit.Append(new EventDraft("test"));
            await unit.ExecuteAsync("insert into promises (organization_id) values (@Organization)", new
            {
                Organization = number == 7 ? "nobody" : unit.OrganizationId.ToString(),
            });
            return await MarkAsync(unit);
        })).ToList();

        var failures = new List<Exception>();
        foreach (var unit in units)
        {
            if (await Record.ExceptionAsync(() => unit) is { } failure)
            {
                failures.Add(failure);
            }
        }

        Assert.IsType<System.Data.Common.DbException>(Assert.Single(failures), exactMatch: false);
        Assert.Equal(19, await CountAsync());
        Assert.Equal(19, effects);
        Assert.Equal(Enumerable.Range(1, 19), (await SequencesAsync()).Select(sequence => Convert.ToInt32(sequence, CultureInfo.InvariantCulture)));
    }

    private Task<IReadOnlyList<T>> QueryAsync<T>(string sql) => Store.ReadAsync(_organization, session => session.QueryAsync<T>(sql), Cancellation);
}
