using HmsMesh.Kit.Tests;

namespace HmsMesh.Services.Tests.Capacity;

/// <summary>The API of capacity on PostgreSQL.</summary>
[Trait("Category", "Slow")]
public class DormitoryApiOnPostgresTests : DormitoryApiTests
{
    protected override async Task<string?> DatabaseAsync()
    {
        Assert.SkipWhen(PostgresCluster.Missing is not null, PostgresCluster.Missing ?? "");
        return await PostgresCluster.NewDatabaseAsync();
    }
}
