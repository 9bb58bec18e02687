using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using HmsMesh.Contracts;
using HmsMesh.Journey;
using HmsMesh.Kit.Tests;
using HmsMesh.Services.Tests.Auth;
using HmsMesh.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace HmsMesh.Services.Tests.Journey;

/// <summary>A payment that is told before its claim is approved waits for that, and not for ever.</summary>
public class EarlyPaymentTests
{
    private const string Citizen = "cit-00000001";
    private readonly ShiftedTime _time = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Payment_OfAClaimThatIsNeverApproved_IsRemovedAfterItsTimeAndCounted()
    {
        await using var issuer = await TestIssuer.StartAsync(_time);
        var database = await DatabaseAsync();
        await using var mesh = await InProcessMesh.StartAsync(
            m => m.Add<JourneyService>(services => services.AddSingleton<TimeProvider>(_time)).Setting("Auth:Issuer", issuer.Address).Databases(_ => database), Ct);
        await SayAsync(mesh, "payment.sent", "claim-old");
        _time.Advance(TimeSpan.FromDays(20));
        await SayAsync(mesh, "payment.sent", "claim-young");
        _time.Advance(TimeSpan.FromDays(11));

        // It is looked after at a start, and then every ten minutes.
        await mesh.StopAsync("journey", Ct);
        await mesh.StartAsync("journey", Ct);

        await Eventually.BeAsync(async () => await NeverApprovedAsync(mesh) == 1, "it is counted", 30);
        await SayAsync(mesh, "claim.approved", "claim-young");
        await SayAsync(mesh, "claim.approved", "claim-old");
        await using var stream = await OpenAsync(mesh, issuer);
        (await stream.NextAsync("claim")).Data.ShouldContain("\"claimId\":\"claim-young\",\"status\":\"paid\"");
        (await stream.NextAsync("claim")).Data.ShouldContain("\"claimId\":\"claim-old\",\"status\":\"approved\"");
    }

    protected virtual Task<string?> DatabaseAsync() => Task.FromResult<string?>(null);

    private static async Task<long> NeverApprovedAsync(InProcessMesh mesh)
    {
        using var client = mesh.Client("journey");
        var incidents = (await client.GetFromJsonAsync<JsonElement>("/mesh/stats", Ct)).GetProperty("incidents");
        return incidents.TryGetProperty("payment-never-approved", out var count) ? count.GetInt64() : 0;
    }

    private static async Task<ServerSentEvents> OpenAsync(InProcessMesh mesh, TestIssuer issuer)
    {
        using var client = mesh.Client("journey");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/stream?topics=claims");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", issuer.Mint("journey", "claims.read", Citizen));
        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
        return new ServerSentEvents(answer, await answer.Content.ReadAsStreamAsync(Ct), TimeSpan.FromSeconds(30));
    }

    private async Task SayAsync(InProcessMesh mesh, string topic, string claimId)
    {
        object data = topic == "payment.sent" ? new { claimId, amount = 600.00m } : new { claimId, citizen = Citizen, amount = 600.00m };
        var said = mesh.Event(topic, data) with { Time = _time.GetUtcNow(), Sequence = Sequence.Format(Sequence.Micros(_time.GetUtcNow())) };
        using var answer = await mesh.DeliverAsync("journey", said, Ct);
        (await answer.Content.ReadAsStringAsync(Ct)).ShouldContain("SUCCESS");
    }
}
