using HmsMesh.Kit.Tests;

namespace HmsMesh.Services.Tests.Claims;

/// <summary>The API of claims, on PostgreSQL.</summary>
[Trait("Category", "Slow")]
public class ClaimApiOnPostgresTests : ClaimApi, IClassFixture<ClaimsMeshOnPostgres>
{
    public ClaimApiOnPostgresTests(ClaimsMeshOnPostgres claims)
        : base(claims) => Assert.SkipWhen(PostgresCluster.Missing is not null, PostgresCluster.Missing ?? "");
}
