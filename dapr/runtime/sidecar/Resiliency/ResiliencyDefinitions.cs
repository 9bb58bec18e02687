namespace HmsMesh.Sidecar.Resiliency;

/// <summary>The policies and targets of all Resiliency resources that hold for the app; a later one replaces an earlier of the same name.</summary>
internal sealed class ResiliencyDefinitions
{
    public Dictionary<string, TimeSpan> Timeouts { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, RetryPolicy> Retries { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, BreakerSettings> Breakers { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, PolicyNames> Apps { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, (PolicyNames Inbound, PolicyNames Outbound)> Components { get; } = new(StringComparer.Ordinal);

    public void Add(ResiliencyDefinitions other)
    {
        Copy(other.Timeouts, Timeouts);
        Copy(other.Retries, Retries);
        Copy(other.Breakers, Breakers);
        Copy(other.Apps, Apps);
        Copy(other.Components, Components);
    }

    private static void Copy<T>(Dictionary<string, T> from, Dictionary<string, T> to)
    {
        foreach (var (name, value) in from)
        {
            to[name] = value;
        }
    }
}
