using HmsMesh.Journey.Events;
using HmsMesh.Journey.Options;
using HmsMesh.Journey.Page;
using HmsMesh.Journey.Stream;
using HmsMesh.Kit;

var mesh = MeshService.Create(args);
mesh.Hears<CapacityLow>("afrh.capacity.low", OptionHandlers.HideAsync);
mesh.Hears<CapacityRestored>("afrh.capacity.restored", OptionHandlers.ShowAsync);
mesh.Services.AddStream();
mesh.Routes(app => app.MapOptions());
mesh.Routes(app => app.MapStream());
mesh.Routes(app => app.MapPage());
await mesh.RunAsync();
