using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using HmsMesh.Contracts;
using HmsMesh.Kit.Tests;
using HmsMesh.Metrics;
using HmsMesh.Services.Tests.Auth;
using HmsMesh.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace HmsMesh.Services.Tests.Metrics;

/// <summary>A payment that is told before its claim is approved waits for that, and not for ever.</summary>
public class EarlyPaymentTests
{
    private readonly ShiftedTime _time = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Payment_OfAClaimThatIsNeverApproved_IsRemovedAfterItsTimeAndCounted()
    {
        await using var issuer = await TestIssuer.StartAsync(_time);
        var database = await DatabaseAsync();
        await using var mesh = await InProcessMesh.StartAsync(
            m => m.Add<MetricsService>(services => services.AddSingleton<TimeProvider>(_time)).Setting("Auth:Issuer", issuer.Address).Databases(_ => database), Ct);
        await SayAsync(mesh, "payment.sent", "claim-old");
        await SayAsync(mesh, "claim.submitted", "claim-denied");
        await SayAsync(mesh, "payment.sent", "claim-denied");
        _time.Advance(TimeSpan.FromDays(20));
        await SayAsync(mesh, "payment.sent", "claim-young");
        _time.Advance(TimeSpan.FromDays(11));

        // It is looked after at a start, and then every ten minutes.
        await mesh.StopAsync("metrics", Ct);
        await mesh.StartAsync("metrics", Ct);

        await Eventually.BeAsync(async () => await NeverApprovedAsync(mesh) == 2, "both are counted", 30);
        foreach (var claim in (string[])["claim-old", "claim-denied", "claim-young"])
        {
            await SayAsync(mesh, "claim.submitted", claim);
            await SayAsync(mesh, "claim.approved", claim);
        }

        using var client = mesh.Client("metrics");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", issuer.Mint("metrics", "audit.read", "cit-auditor1", ["auditor"]));
        var report = await client.GetFromJsonAsync<JsonElement>("/payouts", Ct);
        report.GetProperty("slowest").EnumerateArray().Select(p => p.GetProperty("claimId").GetString()).ShouldBe(["claim-young"]);
        report.GetProperty("waiting").GetInt64().ShouldBe(2);
    }

    protected virtual Task<string?> DatabaseAsync() => Task.FromResult<string?>(null);

    private static async Task<long> NeverApprovedAsync(InProcessMesh mesh)
    {
        using var client = mesh.Client("metrics");
        var incidents = (await client.GetFromJsonAsync<JsonElement>("/mesh/stats", Ct)).GetProperty("incidents");
        return incidents.TryGetProperty("payment-never-approved", out var count) ? count.GetInt64() : 0;
    }

    private async Task SayAsync(InProcessMesh mesh, string topic, string claimId)
    {
        object data = topic == "payment.sent" ? new { claimId, amount = 600.00m } : new { claimId, citizen = "cit-00000001", amount = 600.00m };
        var said = mesh.Event(topic, data) with { Time = _time.GetUtcNow(), Sequence = Sequence.Format(Sequence.Micros(_time.GetUtcNow())) };
        using var answer = await mesh.DeliverAsync("metrics", said, Ct);
        (await answer.Content.ReadAsStringAsync(Ct)).ShouldContain("SUCCESS");
    }
}
