using HmsMesh.Sidecar.Components;

namespace HmsMesh.Sidecar.Resources;

/// <summary>What changed from one resource set to another, by the documents' texts. What didn't change stays the same object.</summary>
internal static class ResourceDifference
{
    public static ResourceChanges Between(ResourceSet before, ResourceSet after, ComponentRegistry open)
    {
        var components = Keep(before.Components, after.Components, static component => (component.Name, component.Text));
        var subscriptions = Keep(before.Subscriptions, after.Subscriptions, static subscription => (subscription.Name, subscription.Text));
        return new ResourceChanges(before, after with { Components = components, Subscriptions = subscriptions })
        {
            ComponentsRemoved = [.. before.Components.Except(components)],

            // One that couldn't be opened before is tried again with each change.
            ComponentsAdded = [.. components.Where(component => !before.Components.Contains(component) || !open.TryGet<IComponent>(component.Name, out _))],
            SubscriptionsRemoved = [.. before.Subscriptions.Except(subscriptions)],
            SubscriptionsAdded = [.. subscriptions.Except(before.Subscriptions)],
            ResiliencyChanged = !before.Resiliencies.Select(static resiliency => resiliency.Text).SequenceEqual(after.Resiliencies.Select(static resiliency => resiliency.Text)),
        };
    }

    private static T[] Keep<T, TKey>(IReadOnlyList<T> before, IReadOnlyList<T> after, Func<T, TKey> key) where TKey : notnull
    {
        var known = before.GroupBy(key).ToDictionary(static group => group.Key, static group => group.First());
        return [.. after.Select(resource => known.GetValueOrDefault(key(resource)) ?? resource)];
    }
}
