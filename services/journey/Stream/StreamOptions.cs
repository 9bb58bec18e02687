namespace HmsMesh.Journey.Stream;

/// <summary>Limits of the stream of changes.</summary>
internal sealed record StreamOptions
{
    /// <summary>Open streams at once; one more is asked to come back later.</summary>
    public int MostStreams { get; init; } = 2000;

    /// <summary>A sign of life at least this often, and the database is read this often for what another instance has changed.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(10);
}
