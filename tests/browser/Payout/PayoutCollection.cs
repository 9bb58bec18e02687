namespace HmsMesh.Browser.Tests.Payout;

/// <summary>The classes that share one mesh.</summary>
[CollectionDefinition(Name)]
public sealed class PayoutCollection : ICollectionFixture<PayoutSite>
{
    public const string Name = "payout";
}
