namespace HmsMesh.Sidecar.Invocation.Names;

/// <summary>One instance of an app, and whether it was reached of late.</summary>
internal sealed class Instance(ICallee callee, string address)
{
    private long _downUntil;

    public ICallee Callee { get; } = callee;

    public string Address { get; } = address;

    /// <summary>Could not be reached a moment ago; it comes after those that could.</summary>
    public bool IsDown(TimeProvider time) => Volatile.Read(ref _downUntil) > time.GetTimestamp();

    public void MarkDown(TimeProvider time, TimeSpan span) =>
        Volatile.Write(ref _downUntil, time.GetTimestamp() + (long)(span.TotalSeconds * time.TimestampFrequency));
}
