namespace HmsMesh.Broker.Tests.Support;

/// <summary>The system's clock, moved; timers run as ever.</summary>
internal sealed class ShiftedTime(TimeSpan shift) : TimeProvider
{
    public TimeSpan Shift { get; set; } = shift;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Shift;
}
