namespace HmsMesh.SupplyChain.Events;

/// <summary>supply.shipment.diverted: a meal shipment for a facility goes elsewhere.</summary>
public sealed record ShipmentDiverted(string ShipmentId, string Facility, string Destination);
