namespace HmsMesh.Broker;

public sealed record BrokerOptions
{
    /// <summary>The folder that is the broker.</summary>
    public required string Path { get; init; }

    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    public long MaxSize { get; init; } = 10L << 30;

    /// <summary>Bytes of a segment file; a new one begins when it is full.</summary>
    public int SegmentSize { get; init; } = 64 << 20;

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
