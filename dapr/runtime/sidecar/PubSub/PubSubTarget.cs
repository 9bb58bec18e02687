using HmsMesh.Broker;
using HmsMesh.Sidecar.Components;
using HmsMesh.Sidecar.PubSub.Contracts;
using Polly;

namespace HmsMesh.Sidecar.PubSub;

/// <summary>A pub/sub component with what its resource and the policies say of it.</summary>
/// <param name="Outbound">Around a publish; its result: whether all was accepted.</param>
internal sealed record PubSubTarget(LoadedComponent Loaded, IPubSub Component, TopicScopes Scopes, ResiliencePipeline<bool> Outbound)
{
    public string Name => Loaded.Resource.Name;

    /// <summary>What is wrong with an event by its topic's contract; null: nothing.</summary>
    public ContractBreach? Breach(OutgoingEvent outgoing) => (Component as IContractGate)?.Check(outgoing);
}
