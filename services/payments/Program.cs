using HmsMesh.Kit;
using HmsMesh.Payments.Events;

var mesh = MeshService.Create(args);
mesh.Says<PaymentSent>("payment.sent");
mesh.Says<PaymentFailed>("payment.failed");
await mesh.RunAsync();
