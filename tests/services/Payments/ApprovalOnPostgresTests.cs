using HmsMesh.Kit.Tests;

namespace HmsMesh.Services.Tests.Payments;

/// <summary>Approvals on PostgreSQL.</summary>
[Trait("Category", "Slow")]
public class ApprovalOnPostgresTests : ApprovalTests
{
    private protected override async Task<PaymentsRig> StartRigAsync(params string[] settings)
    {
        Assert.SkipWhen(PostgresCluster.Missing is not null, PostgresCluster.Missing ?? "");
        return await PaymentsRig.StartOnAsync(await PostgresCluster.NewDatabaseAsync(), settings);
    }
}
