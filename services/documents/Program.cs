using HmsMesh.Documents;
using HmsMesh.Documents.Events;
using HmsMesh.Documents.Files;
using HmsMesh.Documents.Storing;
using HmsMesh.Kit;

var mesh = MeshService.Create(args);
mesh.Says<DocumentStored>("document.stored");
mesh.TrustsTokens();
mesh.Services.AddSingleton(p => DocumentsSettings.From(p.GetRequiredService<IConfiguration>()));
mesh.Services.AddSingleton<DocumentFolder>();
mesh.Services.AddSingleton<Sweeper>();
mesh.Services.AddHostedService(p => p.GetRequiredService<Sweeper>());
mesh.Services.AddSingleton<Intake>();
mesh.Services.AddSingleton<Shelf>();
mesh.Routes(app => app.MapDocuments());
await mesh.RunAsync();
