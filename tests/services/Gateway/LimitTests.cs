using System.Net;

namespace HmsMesh.Services.Tests.Gateway;

/// <summary>How often one caller may ask.</summary>
public sealed class LimitTests : IAsyncLifetime
{
    private readonly Door _door = new() { Settings = { ["Gateway:Burst"] = "5", ["Gateway:RequestsPerSecond"] = "1", ["Gateway:AddressBurst"] = "100", ["Gateway:AddressRequestsPerSecond"] = "1" } };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _door.InitializeAsync();

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Fact]
    public async Task Caller_WhoAsksTooOften_WaitsAndOthersDoNot()
    {
        using var eager = _door.Citizen("cit-eager");
        using var patient = _door.Citizen("cit-patient");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => eager.GetAsync("/api/claims", Ct)));
        using var other = await patient.GetAsync("/api/claims", Ct);

        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBeGreaterThanOrEqualTo(5);
        var refused = answers.First(a => a.StatusCode == HttpStatusCode.TooManyRequests);
        await Door.ProblemAsync(refused, HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1));
        other.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Address_ThatIsRefusedTooOften_Waits()
    {
        using var stranger = _door.Client();

        var answers = await Task.WhenAll(Enumerable.Range(0, 150).Select(_ => stranger.GetAsync("/api/claims", Ct)));

        answers.Count(a => a.StatusCode == HttpStatusCode.Unauthorized).ShouldBeGreaterThanOrEqualTo(100);
        var refused = answers.First(a => a.StatusCode == HttpStatusCode.TooManyRequests);
        await Door.ProblemAsync(refused, HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task ApiKeys_ThatAreTriedSideBySide_AreStoppedToo()
    {
        var asked = _door.Issuer.Exchanges;
        var answers = await Task.WhenAll(Enumerable.Range(0, 80).Select(async n =>
        {
            using var client = _door.Client(key: $"a-key-that-was-guessed-{n}");
            using var answer = await client.GetAsync("/api/claims", Ct);
            return answer.StatusCode;
        }));

        answers.ShouldContain(HttpStatusCode.TooManyRequests);
        (_door.Issuer.Exchanges - asked).ShouldBeLessThanOrEqualTo(40);
    }

    [Fact]
    public async Task ApiKeys_ThatAreTriedOut_AreStopped()
    {
        var statuses = new List<HttpStatusCode>();
        for (var n = 0; n < 25; n++)
        {
            using var client = _door.Client(key: $"a-key-that-was-guessed-{n}");
            using var answer = await client.GetAsync("/api/claims", Ct);
            statuses.Add(answer.StatusCode);
        }

        statuses.ShouldContain(HttpStatusCode.Unauthorized);
        statuses[^1].ShouldBe(HttpStatusCode.TooManyRequests);
    }
}
