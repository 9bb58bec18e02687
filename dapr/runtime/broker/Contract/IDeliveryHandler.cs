namespace HmsMesh.Broker;

/// <summary>Receives the deliveries of one subscription.</summary>
public interface IDeliveryHandler
{
    /// <summary>One verdict for each delivery, in their order. An exception counts as a failure of all of them.</summary>
    ValueTask<IReadOnlyList<Verdict>> HandleAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken);
}
