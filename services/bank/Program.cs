using HmsMesh.Bank;
using HmsMesh.Bank.Entries;
using HmsMesh.Bank.Ledger;
using HmsMesh.Bank.Modes;
using HmsMesh.Bank.Returns;
using HmsMesh.Kit;

var mesh = MeshService.Create(args);
mesh.Services.AddSingleton(p => BankSettings.From(p.GetRequiredService<IConfiguration>()));
mesh.Services.AddSingleton<Conduct>();
mesh.Routes(app => app.MapEntries());
mesh.Routes(app => app.MapReturns());
mesh.Routes(app => app.MapLedger());
mesh.Routes(app => app.MapMode());
await mesh.RunAsync();
