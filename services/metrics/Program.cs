using HmsMesh.Kit;
using HmsMesh.Metrics.Events;
using HmsMesh.Metrics.Payouts;

var mesh = MeshService.Create(args);
mesh.Hears<ClaimSubmitted>("claim.submitted", PayoutHandlers.SubmittedAsync);
mesh.Hears<ClaimApproved>("claim.approved", PayoutHandlers.ApprovedAsync);
mesh.Hears<PaymentSent>("payment.sent", PayoutHandlers.SentAsync);
mesh.Hears<PaymentFailed>("payment.failed", PayoutHandlers.FailedAsync);
mesh.TrustsTokens();
mesh.Services.AddSingleton(p => EarlyPaymentSettings.From(p.GetRequiredService<IConfiguration>()));
mesh.Services.AddSingleton<IUpkeep, EarlyPayments>();
mesh.Routes(app => app.MapPayouts());
await mesh.RunAsync();
