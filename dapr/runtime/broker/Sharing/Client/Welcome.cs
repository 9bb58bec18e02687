namespace HmsMesh.Broker.Sharing.Client;

/// <summary>What the process that writes tells of itself.</summary>
internal sealed record Welcome(int Pid, TimeSpan Retention, long MaxSize, int SegmentSize)
{
    public static readonly Welcome Nobody = new(0, TimeSpan.Zero, 0, 0);
}
