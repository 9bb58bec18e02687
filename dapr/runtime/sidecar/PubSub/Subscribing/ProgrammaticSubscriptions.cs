using System.Text.Json;
using HmsMesh.Sidecar.Resources;

namespace HmsMesh.Sidecar.PubSub.Subscribing;

/// <summary>Reads the app's answer to GET /dapr/subscribe: route as a text, or routes with rules and a default.</summary>
internal static class ProgrammaticSubscriptions
{
    public static IReadOnlyList<SubscriptionResource> Read(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return [];
        }

        // Only the first value counts, as in Go.
        var reader = new Utf8JsonReader(body, new() { AllowMultipleValues = true });
        var items = JsonSerializer.Deserialize(ref reader, SubscriptionJsonContext.Default.SubscriptionJsonArray) ?? [];

        // One without a route is none: as with daprd, a declared one for the same topic goes on to hold.
        return [.. items.OfType<SubscriptionJson>().Select(Convert).Where(static subscription => subscription.Rules.Count > 0 || subscription.DefaultPath is not null)];
    }

    private static SubscriptionResource Convert(SubscriptionJson item) => new()
    {
        PubSub = item.PubSubName ?? "",
        Topic = item.Topic ?? "",
        DeadLetterTopic = item.DeadLetterTopic is { Length: > 0 } dead ? dead : null,
        Metadata = item.Metadata ?? [],
        Rules = [.. (item.Routes?.Rules ?? []).OfType<RuleJson>().Select(rule => new SubscriptionRule(rule.Match ?? "", rule.Path ?? ""))],
        DefaultPath = item.Routes?.Default is { Length: > 0 } other ? other : item.Route is { Length: > 0 } route ? route : null,
        Bulk = item.BulkSubscribe is { Enabled: true } bulk
            ? new(true, bulk.MaxMessagesCount, TimeSpan.FromMilliseconds(Math.Max(bulk.MaxAwaitDurationMs, 0)))
            : null,
    };
}
