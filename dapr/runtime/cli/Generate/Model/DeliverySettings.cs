namespace HmsMesh.Cli.Generate.Model;

/// <summary>How the mesh probes apps, tries again and remembers: services/delivery.yaml.</summary>
internal sealed record DeliverySettings
{
    public const string File = "services/delivery.yaml";

    public required Source Source { get; init; }

    public required TimeSpan ProbeInterval { get; init; }

    public required TimeSpan ProbeTimeout { get; init; }

    public required int ProbeThreshold { get; init; }

    public required RetrySettings Retry { get; init; }

    /// <summary>As written, such as 24h.</summary>
    public required string Deduplication { get; init; }

    /// <summary>As written, such as 168h.</summary>
    public required string Retention { get; init; }

    /// <summary>How long a service remembers what it handled: longer than a broker can bring it again.</summary>
    public required TimeSpan Inbox { get; init; }

    /// <summary>How long a dead app can go unnoticed.</summary>
    public TimeSpan ProbeNotice => (ProbeInterval * ProbeThreshold) + ProbeTimeout;
}
