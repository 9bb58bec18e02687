using HmsMesh.Kit;
using HmsMesh.SupplyChain.Events;
using HmsMesh.SupplyChain.Shipments;

var mesh = MeshService.Create(args);
mesh.Says<ShipmentDiverted>("supply.shipment.diverted");
mesh.Says<ShipmentResumed>("supply.shipment.resumed");
mesh.Hears<CapacityLow>("afrh.capacity.low", ShipmentHandlers.DivertAsync);
mesh.Hears<CapacityRestored>("afrh.capacity.restored", ShipmentHandlers.ResumeAsync);
mesh.Routes(app => app.MapShipments());
await mesh.RunAsync();
