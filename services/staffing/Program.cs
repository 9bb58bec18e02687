using HmsMesh.Kit;
using HmsMesh.Staffing.Events;
using HmsMesh.Staffing.Shifts;

var mesh = MeshService.Create(args);
mesh.Says<ShiftScheduled>("staffing.shift.scheduled");
mesh.Says<ShiftReleased>("staffing.shift.released");
mesh.Hears<CapacityLow>("afrh.capacity.low", ShiftHandlers.ScheduleAsync);
mesh.Hears<CapacityRestored>("afrh.capacity.restored", ShiftHandlers.ReleaseAsync);
mesh.Routes(app => app.MapShifts());
await mesh.RunAsync();
