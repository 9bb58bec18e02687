using HmsMesh.Kit.Tests;

namespace HmsMesh.Services.Tests.Journey;

/// <summary>A citizen's stream on PostgreSQL.</summary>
[Trait("Category", "Slow")]
public sealed class CitizenStreamOnPostgresTests : CitizenStreamTests
{
    protected override async Task<string?> DatabaseAsync()
    {
        Assert.SkipWhen(PostgresCluster.Missing is not null, PostgresCluster.Missing ?? "");
        return await PostgresCluster.NewDatabaseAsync();
    }
}
