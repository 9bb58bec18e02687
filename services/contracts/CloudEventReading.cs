namespace HmsMesh.Contracts;

/// <summary>What reading an envelope gave: the event, or why it is none.</summary>
public readonly record struct CloudEventReading(CloudEvent? Event, ContractFault? Fault);
