namespace HmsMesh.Broker;

/// <summary>One app's wish to hear one topic. (PubSub, Topic, Consumer) is its identity, and lasts over restarts.</summary>
public sealed record SubscriptionOptions
{
    public required string PubSub { get; init; }

    public required string Topic { get; init; }

    /// <summary>The app id, or the component's <c>consumerID</c>. Instances of one consumer share its events.</summary>
    public required string Consumer { get; init; }

    /// <summary>Where a consumer that the broker has never seen begins.</summary>
    public StartFrom StartFrom { get; init; } = StartFrom.Now;

    /// <summary>How long a delivery may take before it counts as failed.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many deliveries (batches) may be under way at once; those of one key never are.</summary>
    public int Concurrency { get; init; } = 64;

    /// <summary>Up to this many events make one delivery (bulk subscription); 1: one by one.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>How long a batch waits to fill.</summary>
    public TimeSpan BatchWait { get; init; }

    /// <summary>Where events go that are given up or dropped; null: given up to <c>&lt;consumer&gt;.dead</c>, dropped to nowhere.</summary>
    public string? DeadLetterTopic { get; init; }

    /// <summary>Whether an event that the handler drops goes to the dead letter topic, as daprd does where one is named.</summary>
    public bool DeadLetterDropped { get; init; }

    /// <summary>When a failed event is tried again, and when it is given up.</summary>
    public required IRetrySchedule Retry { get; init; }
}
