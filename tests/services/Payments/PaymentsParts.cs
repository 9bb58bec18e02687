using System.Security.Cryptography;
using Dapper;
using HmsMesh.Kit;
using HmsMesh.Kit.Tests;
using HmsMesh.Payments;
using HmsMesh.Payments.Events;
using HmsMesh.Payments.Hosting;
using HmsMesh.Payments.Payees;
using HmsMesh.Payments.Returns;
using HmsMesh.Payments.Sending;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace HmsMesh.Services.Tests.Payments;

/// <summary>The parts of payments on a database of their own, without the workers: a test makes each step itself.</summary>
internal sealed class PaymentsParts : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("payments-");
    private readonly WebApplication _app;

    private PaymentsParts()
    {
        var mesh = MeshService.Create(
            [
                "--Logging:LogLevel:Default=None", "--APP_ID=payments", "--APP_PORT=0", "--APP_API_TOKEN=app-token", "--DAPR_API_TOKEN=sidecar-token",
                "--DAPR_HTTP_ENDPOINT=http://127.0.0.1:9", $"--ConnectionStrings:Database=Data Source={Path.Combine(_folder.FullName, "payments.db")}",
                $"--Secrets:payee-vault={Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32))}",
            ],
            typeof(PaymentsService).Assembly);
        mesh.Says<PaymentSent>("payment.sent");
        mesh.Says<PaymentFailed>("payment.failed");
        mesh.Services.AddPayments();
        foreach (var worker in mesh.Services.Where(s => s.ImplementationType == typeof(PaymentWorker) || s.ImplementationType == typeof(ReturnWorker)).ToList())
            mesh.Services.Remove(worker);
        _app = mesh.Build();
    }

    public IWorkshop Workshop => Part<IWorkshop>();

    public Leases Leases => Part<Leases>();

    public Bookings Bookings => Part<Bookings>();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<PaymentsParts> StartAsync()
    {
        var parts = new PaymentsParts();
        await parts._app.StartAsync(Ct);
        using var http = new HttpClient { BaseAddress = new Uri(parts._app.Urls.First()) };
        await Eventually.BeAsync(
            async () =>
            {
                using var answer = await http.GetAsync("/healthz", Ct);
                return answer.IsSuccessStatusCode;
            },
            "payments is healthy",
            60);
        return parts;
    }

    public T Part<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public async Task FillAsync(string account)
    {
        var vault = await Part<VaultKeeper>().VaultAsync(Ct);
        var sealedPayee = vault.Seal(new(PaymentsRig.Holder, "021000021", account, Payee.Checking), PaymentsRig.Citizen);
        await Workshop.RunAsync((work, _) => work.FillAsync(PaymentsRig.Citizen, sealedPayee), Ct);
    }

    /// <summary>A payment over 600 dollars that is due.</summary>
    public Task ApproveAsync(string id) => RunAsync(
        $"""
        insert into payments (id, claim_id, citizen, cents, status, next_at, created_at, versions, cause)
        values ('{id}', '{id}', '{PaymentsRig.Citizen}', 60000, 'pending', 0, 0, '1', 'cause')
        """);

    public Task RunAsync(string sql) => Workshop.RunAsync((work, _) => work.Db.ExecuteAsync(sql), Ct);

    public Task<T?> AskAsync<T>(string sql) => Workshop.ReadAsync((db, _) => db.ExecuteScalarAsync<T>(sql), Ct);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
