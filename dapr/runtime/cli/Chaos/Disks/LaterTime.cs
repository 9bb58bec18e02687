namespace HmsMesh.Cli.Chaos.Disks;

/// <summary>A clock that is ahead; its timers run as ever.</summary>
internal sealed class LaterTime(TimeProvider time, TimeSpan ahead) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + ahead;
}
