using HmsMesh.Kit.Tests;

namespace HmsMesh.Services.Tests.Metrics;

/// <summary>Payouts on PostgreSQL.</summary>
[Trait("Category", "Slow")]
public class PayoutOnPostgresTests : PayoutTests
{
    protected override async Task<string?> DatabaseAsync()
    {
        Assert.SkipWhen(PostgresCluster.Missing is not null, PostgresCluster.Missing ?? "");
        return await PostgresCluster.NewDatabaseAsync();
    }
}
