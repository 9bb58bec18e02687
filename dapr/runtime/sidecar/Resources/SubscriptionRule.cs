namespace HmsMesh.Sidecar.Resources;

/// <param name="Match">A CEL expression over <c>event</c>.</param>
public sealed record SubscriptionRule(string Match, string Path)
{
    /// <summary>Where the expression stands; null: the app said it.</summary>
    public ResourceSource? Source { get; init; }
}
