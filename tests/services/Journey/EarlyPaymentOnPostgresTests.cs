using HmsMesh.Kit.Tests;

namespace HmsMesh.Services.Tests.Journey;

/// <summary>Payments that wait, on PostgreSQL.</summary>
[Trait("Category", "Slow")]
public sealed class EarlyPaymentOnPostgresTests : EarlyPaymentTests
{
    protected override async Task<string?> DatabaseAsync()
    {
        Assert.SkipWhen(PostgresCluster.Missing is not null, PostgresCluster.Missing ?? "");
        return await PostgresCluster.NewDatabaseAsync();
    }
}
