using HmsMesh.Capacity.Dormitories;
using HmsMesh.Capacity.Events;
using HmsMesh.Capacity.Facilities;
using HmsMesh.Kit;

var mesh = MeshService.Create(args);
mesh.Says<CapacityLow>("afrh.capacity.low");
mesh.Says<CapacityRestored>("afrh.capacity.restored");
mesh.TrustsTokens();
mesh.Routes(app => app.MapFacilities());
mesh.Routes(app => app.MapDormitories());
await mesh.RunAsync();
