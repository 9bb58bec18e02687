namespace HmsMesh.Sidecar.Resources;

/// <summary>What differs between two resource sets. A component that changed is removed and added.</summary>
internal sealed record ResourceChanges(ResourceSet Before, ResourceSet After)
{
    public IReadOnlyList<ComponentResource> ComponentsRemoved { get; init; } = [];

    public IReadOnlyList<ComponentResource> ComponentsAdded { get; init; } = [];

    public IReadOnlyList<SubscriptionResource> SubscriptionsRemoved { get; init; } = [];

    public IReadOnlyList<SubscriptionResource> SubscriptionsAdded { get; init; } = [];

    public bool ResiliencyChanged { get; init; }
}
