using HmsMesh.Broker;

namespace HmsMesh.Sidecar.Components.PubSubInMemory;

/// <summary>Gives up at the first failure, as daprd's in-memory broker does where no retry policy is named.</summary>
internal sealed class NoRedelivery : IRetrySchedule
{
    public static NoRedelivery Instance { get; } = new();

    public TimeSpan? DelayAfter(int tries) => null;
}
