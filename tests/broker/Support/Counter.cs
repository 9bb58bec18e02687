namespace HmsMesh.Broker.Tests.Support;

/// <summary>A handler that handles everything and keeps nothing.</summary>
internal sealed class Counter(Action counted) : IDeliveryHandler
{
    public ValueTask<IReadOnlyList<Verdict>> HandleAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
    {
        foreach (var _ in deliveries)
        {
            counted();
        }

        return ValueTask.FromResult<IReadOnlyList<Verdict>>([.. deliveries.Select(static _ => Verdict.Handled)]);
    }
}
