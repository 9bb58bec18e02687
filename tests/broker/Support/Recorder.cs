using System.Threading.Channels;

namespace HmsMesh.Broker.Tests.Support;

/// <summary>A handler that notes what it gets and answers as it is told.</summary>
internal sealed class Recorder(Func<Delivery, CancellationToken, ValueTask<Verdict>>? answer = null) : IDeliveryHandler
{
    private readonly Channel<Delivery> _seen = Channel.CreateUnbounded<Delivery>();
    private int _largestBatch;

    public int LargestBatch => _largestBatch;

    public async ValueTask<IReadOnlyList<Verdict>> HandleAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
    {
        InterlockedMax(ref _largestBatch, deliveries.Count);
        var verdicts = new Verdict[deliveries.Count];
        for (var i = 0; i < verdicts.Length; i++)
        {
            _seen.Writer.TryWrite(deliveries[i]);
            verdicts[i] = answer is null ? Verdict.Handled : await answer(deliveries[i], cancellationToken);
        }

        return verdicts;
    }

    /// <summary>The next delivery.</summary>
    public async Task<Delivery> NextAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Make.Token);
        limit.CancelAfter(Make.Patience);
        return await _seen.Reader.ReadAsync(limit.Token);
    }

    public async Task<List<Delivery>> NextAsync(int count)
    {
        var deliveries = new List<Delivery>(count);
        while (deliveries.Count < count)
        {
            deliveries.Add(await NextAsync());
        }

        return deliveries;
    }

    /// <summary>What has come and was not asked for yet.</summary>
    public List<Delivery> Rest()
    {
        var rest = new List<Delivery>();
        while (_seen.Reader.TryRead(out var delivery))
        {
            rest.Add(delivery);
        }

        return rest;
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = target; seen < value; seen = target)
        {
            Interlocked.CompareExchange(ref target, value, seen);
        }
    }
}
