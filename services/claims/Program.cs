using HmsMesh.Claims.Events;
using HmsMesh.Claims.Filing;
using HmsMesh.Claims.Decisions;
using HmsMesh.Kit;

var mesh = MeshService.Create(args);
mesh.Says<ClaimSubmitted>("claim.submitted");
mesh.Says<ClaimApproved>("claim.approved");
mesh.Says<ClaimApprovedV2>("claim.approved.v2");
mesh.Says<ClaimDenied>("claim.denied");
mesh.Hears<PaymentSent>("payment.sent", PaymentHandlers.PaidAsync);
mesh.Hears<PaymentFailed>("payment.failed", PaymentHandlers.FailedAsync);
mesh.TrustsTokens();
mesh.Services.AddSingleton<Desk>();
mesh.Services.AddSingleton(_ => Rulebook.Load());
mesh.Routes(app => app.Services.GetRequiredService<Rulebook>());
mesh.Routes(app => app.MapClaims());
await mesh.RunAsync();
