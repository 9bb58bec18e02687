namespace HmsMesh.Sidecar.Resources;

/// <summary>kind: Subscription, v1alpha1 (one route) and v2alpha1 (rules).</summary>
internal static class SubscriptionReader
{
    public static SubscriptionResource ReadV1(ResourceDocument document)
    {
        var spec = Spec(document);
        return Common(document, spec) with { DefaultPath = spec.Text("route") };
    }

    public static SubscriptionResource ReadV2(ResourceDocument document)
    {
        var spec = Spec(document);
        var routes = spec.Map("routes");
        return Common(document, spec) with
        {
            Rules = [.. (routes?.Maps("rules") ?? []).Select(rule => new SubscriptionRule(rule.Text("match") ?? "", rule.Text("path") ?? "") { Source = rule.SourceOf("match") })],
            DefaultPath = routes?.Text("default"),
        };
    }

    private static YamlMap Spec(ResourceDocument document) =>
        document.Spec ?? throw new SidecarException($"{document.Source}: the subscription '{document.Name}' has no spec.");

    private static SubscriptionResource Common(ResourceDocument document, YamlMap spec)
    {
        var bulk = spec.Map("bulkSubscribe");
        return new SubscriptionResource
        {
            Source = document.Source,
            Name = document.Name,
            PubSub = spec.Text("pubsubname") ?? "",
            Topic = spec.Text("topic") ?? "",
            DeadLetterTopic = spec.Text("deadLetterTopic"),
            Metadata = Metadata(spec),
            Bulk = bulk is null
                ? null
                : new BulkSubscribeOptions(bulk.Flag("enabled"), bulk.Number("maxMessagesCount") ?? 0,
                    TimeSpan.FromMilliseconds(bulk.Number("maxAwaitDurationMs") ?? 0)),
            Scopes = document.Scopes,
            Text = document.Text,
        };
    }

    private static Dictionary<string, string> Metadata(YamlMap spec)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        if (spec.Map("metadata") is { } map)
        {
            foreach (var key in map.Keys)
            {
                metadata[key] = map.Any(key) ?? "";
            }
        }

        return metadata;
    }
}
