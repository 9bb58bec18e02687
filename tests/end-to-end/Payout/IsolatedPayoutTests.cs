namespace HmsMesh.EndToEnd.Tests.Payout;

[Trait("Category", "Slow")]
public sealed class IsolatedPayoutTests(IsolatedPayoutMesh payout) : Payouts(payout), IClassFixture<IsolatedPayoutMesh>;
