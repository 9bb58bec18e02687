namespace HmsMesh.Sidecar.PubSub;

/// <summary>
/// Which topics an app may publish to and hear, by the component's metadata. allowedTopics, protectedTopics and the app's own
/// scope each count on their own: an app that no scope names is free, but for protected topics.
/// </summary>
internal sealed class TopicScopes
{
    private readonly HashSet<string>? _allowed;
    private readonly HashSet<string>? _protected;
    private readonly HashSet<string>? _publishing;
    private readonly HashSet<string>? _subscribing;

    public TopicScopes(IReadOnlyDictionary<string, string> metadata, string appId)
    {
        _allowed = Topics(metadata, "allowedTopics");
        _protected = Topics(metadata, "protectedTopics");
        _publishing = Scope(metadata, "publishingScopes", appId);
        _subscribing = Scope(metadata, "subscriptionScopes", appId);
    }

    public bool MayPublish(string topic) => Allows(topic, _publishing);

    public bool MaySubscribe(string topic) => Allows(topic, _subscribing);

    private bool Allows(string topic, HashSet<string>? scope)
    {
        if (_allowed is not null && !_allowed.Contains(topic))
        {
            return false;
        }

        return scope is not null ? scope.Contains(topic) : _protected?.Contains(topic) != true;
    }

    private static string Value(IReadOnlyDictionary<string, string> metadata, string name) =>
        (PublishMetadata.Find(metadata, name) ?? "").Replace(" ", "", StringComparison.Ordinal);

    private static HashSet<string>? Topics(IReadOnlyDictionary<string, string> metadata, string name) =>
        Value(metadata, name) is { Length: > 0 } text ? new(text.Split(','), StringComparer.Ordinal) : null;

    private static HashSet<string>? Scope(IReadOnlyDictionary<string, string> metadata, string name, string appId)
    {
        HashSet<string>? topics = null;
        foreach (var entry in Value(metadata, name).Split(';'))
        {
            var parts = entry.Split('=');
            if (parts.Length >= 2 && parts[0] == appId)
            {
                (topics ??= new(StringComparer.Ordinal)).UnionWith(parts[1].Split(','));
            }
        }

        return topics;
    }
}
