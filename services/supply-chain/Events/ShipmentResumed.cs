namespace HmsMesh.SupplyChain.Events;

/// <summary>supply.shipment.resumed: a diverted meal shipment goes to its facility again.</summary>
public sealed record ShipmentResumed(string ShipmentId, string Facility, string Destination);
