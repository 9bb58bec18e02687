using HmsMesh.Kit.Tests;

namespace HmsMesh.Services.Tests.Mesh;

/// <summary>Events out of order, on PostgreSQL.</summary>
[Trait("Category", "Slow")]
public class OrderOnPostgresTests : Orders, IClassFixture<AfrhMeshOnPostgres>
{
    public OrderOnPostgresTests(AfrhMeshOnPostgres afrh)
        : base(afrh) => Assert.SkipWhen(PostgresCluster.Missing is not null, PostgresCluster.Missing ?? "");
}
