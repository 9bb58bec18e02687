using HmsMesh.Broker;

namespace HmsMesh.Sidecar.PubSub.Contracts;

/// <summary>A pub/sub component that refuses what breaks a topic's contract.</summary>
internal interface IContractGate
{
    /// <summary>What is wrong with the event; null: it keeps to its topic's contract, or the topic has none.</summary>
    ContractBreach? Check(OutgoingEvent outgoing);
}
