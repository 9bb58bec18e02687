using HmsMesh.Kit.Tests;

namespace HmsMesh.Services.Tests.Payments;

/// <summary>Decisions on PostgreSQL.</summary>
public sealed class HoldOnPostgresTests : HoldTests
{
    private protected override async Task<PaymentsRig> StartRigAsync()
    {
        Assert.SkipWhen(PostgresCluster.Missing is not null, PostgresCluster.Missing ?? "");
        return await PaymentsRig.StartOnAsync(await PostgresCluster.NewDatabaseAsync());
    }
}
