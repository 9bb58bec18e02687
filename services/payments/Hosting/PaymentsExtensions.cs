using HmsMesh.Payments.Ach;
using HmsMesh.Payments.Bank;
using HmsMesh.Payments.Holds;
using HmsMesh.Payments.Incidents;
using HmsMesh.Payments.Ledger;
using HmsMesh.Payments.Payees;
using HmsMesh.Payments.Payments;
using HmsMesh.Payments.Returns;
using HmsMesh.Payments.Sending;

namespace HmsMesh.Payments.Hosting;

/// <summary>The parts of the service.</summary>
internal static class PaymentsExtensions
{
    public static void AddPayments(this IServiceCollection services)
    {
        services.AddSingleton(p => PaymentsSettings.From(p.GetRequiredService<IConfiguration>()));
        services.AddSingleton<WorkSignal>();
        services.AddSingleton<VaultKeeper>();
        services.AddSingleton<DemoPayees>();
        services.AddSingleton<BankClient>();
        services.AddSingleton<Leases>();
        services.AddSingleton<Bookings>();
        services.AddSingleton<Sender>();
        services.AddSingleton<ReturnBook>();
        services.AddSingleton<HoldDesk>();
        services.AddHostedService<PaymentWorker>();
        services.AddHostedService<ReturnWorker>();
    }

    public static void MapAll(this IEndpointRouteBuilder app)
    {
        app.MapPayees();
        app.MapPayments();
        app.MapLedger();
        app.MapAch();
        app.MapBank();
        app.MapIncidents();
        app.MapHolds();
    }
}
