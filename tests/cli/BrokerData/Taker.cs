using System.Threading.Channels;
using HmsMesh.Broker;

namespace HmsMesh.Cli.Tests.BrokerData;

/// <summary>A handler that notes what it gets.</summary>
internal sealed class Taker(Func<StoredEvent, Verdict> answer) : IDeliveryHandler
{
    private readonly Channel<StoredEvent> _taken = Channel.CreateUnbounded<StoredEvent>();

    public ValueTask<IReadOnlyList<Verdict>> HandleAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
    {
        foreach (var one in deliveries)
            _taken.Writer.TryWrite(one.Event);
        return ValueTask.FromResult<IReadOnlyList<Verdict>>([.. deliveries.Select(one => answer(one.Event))]);
    }

    public async Task<List<StoredEvent>> NextAsync(int count)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        var taken = new List<StoredEvent>();
        while (taken.Count < count)
            taken.Add(await _taken.Reader.ReadAsync(limit.Token));
        return taken;
    }

    /// <summary>What has come and was not asked for yet.</summary>
    public List<StoredEvent> Rest()
    {
        var rest = new List<StoredEvent>();
        while (_taken.Reader.TryRead(out var one))
            rest.Add(one);
        return rest;
    }
}
