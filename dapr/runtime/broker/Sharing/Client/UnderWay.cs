using HmsMesh.Broker.Consumers;
using HmsMesh.Broker.Log;

namespace HmsMesh.Broker.Sharing.Client;

/// <summary>A delivery that this process handles for another one that writes. It is kept until its verdicts are known to be on disk, as a
/// writer that dies before that has not heard them.</summary>
internal sealed class UnderWay(SharedSubscription subscription, long id, long[] offsets, RecordPlace[] places, int[] tries) : IThreadPoolWorkItem, IDisposable
{
    private readonly CancellationTokenSource _cancel = new();

    public long Id { get; } = id;

    public long[] Offsets { get; } = offsets;

    public RecordPlace[] Places { get; } = places;

    public int[] Tries { get; } = tries;

    public Verdict[]? Verdicts { get; set; }

    /// <summary>Set where this process has become the writer meanwhile.</summary>
    public RemoteDelivery? Adopted { get; set; }

    public CancellationToken Cancelled => _cancel.Token;

    public void Execute() => _ = subscription.HandleAsync(this);

    /// <summary>Its lease ended, or another instance has its events.</summary>
    public void Cancel()
    {
        // A handler's own callback may not hold up what else the writer says.
        try
        {
            _ = _cancel.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It was over already.
        }
    }

    /// <summary>It is over.</summary>
    public void Dispose() => _cancel.Dispose();
}
