using HmsMesh.Kit;
using HmsMesh.Payments;
using HmsMesh.Payments.Events;
using HmsMesh.Payments.Hosting;
using HmsMesh.Payments.Payments;

var mesh = MeshService.Create(args);
mesh.TrustsTokens();
mesh.Says<PaymentSent>("payment.sent");
mesh.Says<PaymentFailed>("payment.failed");
mesh.Hears<ClaimApproved>("claim.approved", ClaimHandlers.ApprovedAsync);
mesh.Hears<ClaimApprovedV2>("claim.approved.v2", ClaimHandlers.ApprovedInCentsAsync);
mesh.Services.AddPayments();
mesh.Routes(app => app.MapAll());
await mesh.RunAsync();
