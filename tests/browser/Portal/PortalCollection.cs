namespace HmsMesh.Browser.Tests.Portal;

/// <summary>The classes that share one portal.</summary>
[CollectionDefinition(Name)]
public sealed class PortalCollection : ICollectionFixture<PortalSite>
{
    public const string Name = "portal";
}
