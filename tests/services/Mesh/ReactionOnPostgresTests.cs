using HmsMesh.Kit.Tests;

namespace HmsMesh.Services.Tests.Mesh;

/// <summary>What the four services do when a facility runs short of beds, on PostgreSQL.</summary>
[Trait("Category", "Slow")]
public class ReactionOnPostgresTests : Reactions, IClassFixture<AfrhMeshOnPostgres>
{
    public ReactionOnPostgresTests(AfrhMeshOnPostgres afrh)
        : base(afrh) => Assert.SkipWhen(PostgresCluster.Missing is not null, PostgresCluster.Missing ?? "");
}
