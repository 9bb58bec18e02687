namespace HmsMesh.Broker.Consumers;

/// <summary>The way to an instance that handles its deliveries elsewhere.</summary>
internal interface IDeliveryLink
{
    /// <summary>Whether it owes answers and was silent for so long that it gets no more.</summary>
    bool IsDeaf { get; }

    /// <summary>Sends the delivery on its way. Never blocks.</summary>
    void Deliver(RemoteDelivery delivery);

    /// <summary>A lease ends: the instance gets no more until it is heard.</summary>
    void Doubt();

    /// <summary>Its lease ended, or its events are another's: an answer is not heard.</summary>
    void Cancel(RemoteDelivery delivery);

    /// <summary>What was said of it is on disk.</summary>
    void Settled(RemoteDelivery delivery);
}
