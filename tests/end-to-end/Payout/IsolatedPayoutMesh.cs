namespace HmsMesh.EndToEnd.Tests.Payout;

/// <summary>The same, each sidecar a process of its own.</summary>
public sealed class IsolatedPayoutMesh : PayoutMesh
{
    protected override string[] Options => ["--isolated"];
}
