namespace HmsMesh.Sidecar.Resources;

/// <summary>What the resource files say that holds for one app: kind by kind, in the order of files and documents.</summary>
internal sealed record ResourceSet
{
    public static ResourceSet Empty { get; } = new();

    public IReadOnlyList<ComponentResource> Components { get; init; } = [];

    /// <summary>Declared subscriptions of both versions.</summary>
    public IReadOnlyList<SubscriptionResource> Subscriptions { get; init; } = [];

    public IReadOnlyList<ResiliencyResource> Resiliencies { get; init; } = [];

    public IReadOnlyList<HttpEndpointResource> HttpEndpoints { get; init; } = [];

    public ConfigurationResource Configuration { get; init; } = ConfigurationResource.Default;
}
