using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using HmsMesh.Contracts;
using HmsMesh.Journey;
using HmsMesh.Journey.Stream;
using HmsMesh.Kit.Tests;
using HmsMesh.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace HmsMesh.Services.Tests.Journey;

/// <summary>A citizen's own stream as the gateway reads it, on the real service.</summary>
public class CitizenStreamTests : IAsyncLifetime
{
    private const long First = 9_000_000_000_000_000;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);
    private readonly string _citizen = $"cit-{Guid.NewGuid():N}";
    private InProcessMesh _mesh = null!;
    private TestIssuer _issuer = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _issuer = await TestIssuer.StartAsync();
        var database = await DatabaseAsync();
        _mesh = await InProcessMesh.StartAsync(
            m => m.Add<JourneyService>(services => services.AddSingleton(new StreamOptions { Heartbeat = TimeSpan.FromMilliseconds(200) }))
                .Setting("Auth:Issuer", _issuer.Address).Databases(_ => database),
            Ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (_mesh is not null)
            await _mesh.DisposeAsync();
        if (_issuer is not null)
            await _issuer.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Stream_WithAToken_TellsTheOptionsAsCapacity()
    {
        await using var stream = await OpenAsync(_citizen);

        var told = new[] { (await stream.NextAsync("capacity")).Data, (await stream.NextAsync("capacity")).Data };

        told.Order().ShouldBe(["""{"facility":"gulfport","canApply":true}""", """{"facility":"washington","canApply":true}"""]);
    }

    [Fact]
    public async Task Stream_OfACitizen_TellsHisClaimsAsTheyChangeAndNobodyElses()
    {
        await using var stream = await OpenAsync(_citizen, "?topics=claims");
        await stream.NextAsync("beat");

        await DeliverAsync("claim.submitted", "claim-1", 0);
        (await StatusAsync(stream)).ShouldBe(("claim-1", "submitted"));
        await DeliverAsync("claim.submitted", "claim-2", 1, "cit-somebodyelse");
        await DeliverAsync("claim.approved", "claim-2", 2, "cit-somebodyelse");
        await DeliverAsync("claim.approved", "claim-1", 3);
        (await StatusAsync(stream)).ShouldBe(("claim-1", "approved"));
        await DeliverAsync("payment.sent", "claim-1", 4);
        (await StatusAsync(stream)).ShouldBe(("claim-1", "paid"));
        await DeliverAsync("payment.failed", "claim-1", 5);
        (await StatusAsync(stream)).ShouldBe(("claim-1", "payment-failed"));

        await using var other = await OpenAsync("cit-somebodyelse", "?topics=claims");
        (await StatusAsync(other)).ShouldBe(("claim-2", "approved"));
        (await other.NextAsync()).Event.ShouldBe("beat");
    }

    [Fact]
    public async Task Stream_WithTheLastId_TellsOnlyWhatWasMissed()
    {
        await DeliverAsync("claim.submitted", "claim-1", 0);
        await DeliverAsync("claim.submitted", "claim-2", 1);
        string last;
        using (var answer = await GetAsync(_citizen, "", lastId: null))
            last = await LastIdAsync(answer, "claim-2");

        await DeliverAsync("claim.denied", "claim-1", 2);
        await using var again = await OpenAsync(_citizen, "", last);

        (await again.NextAsync()).Data.ShouldContain("denied");
        (await again.NextAsync()).Event.ShouldBe("beat");
    }

    [Fact]
    public async Task Stream_WhenTheTokenEnds_EndsToo()
    {
        var ends = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(3);
        using var answer = await GetAsync(_citizen, "", lastId: null, change: token => token.Expires = ends);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);

        await answer.Content.ReadAsStringAsync(Ct).WaitAsync(TimeSpan.FromSeconds(60), Ct);

        TimeProvider.System.GetUtcNow().UtcDateTime.ShouldBeGreaterThanOrEqualTo(ends.AddSeconds(-1));
    }

    [Theory]
    [InlineData("99999-99999")]
    [InlineData("-1")]
    [InlineData("12")]
    [InlineData("a-b")]
    public async Task Stream_WithAnIdThatIsNotOurs_TellsEverything(string id)
    {
        await DeliverAsync("claim.submitted", "claim-1", 0);

        await using var stream = await OpenAsync(_citizen, "?topics=claims", id);

        (await StatusAsync(stream)).ShouldBe(("claim-1", "submitted"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Events_ShuffledAndDoubled_EndAtTheLatest(int seed)
    {
        var random = new Random(seed);
        CloudEvent[] events =
        [
            Event("claim.submitted", "paid", 0), Event("claim.approved", "paid", 1), Event("payment.failed", "paid", 2), Event("payment.sent", "paid", 3),
            Event("claim.submitted", "denied", 4), Event("claim.denied", "denied", 5), Event("payment.sent", "denied", 6),
            Event("claim.submitted", "back", 7), Event("claim.approved", "back", 8), Event("payment.sent", "back", 9), Event("payment.failed", "back", 10),
        ];
        foreach (var one in events.Concat(events.Where(_ => random.Next(2) == 0)).OrderBy(_ => random.Next()))
            await DeliverAsync(one);

        await using var stream = await OpenAsync(_citizen, "?topics=claims");
        var told = new[] { await StatusAsync(stream), await StatusAsync(stream), await StatusAsync(stream) };

        told.Order().ShouldBe([("back", "payment-failed"), ("denied", "denied"), ("paid", "paid")]);
        (await stream.NextAsync()).Event.ShouldBe("beat");
    }

    [Fact]
    public async Task Payment_BeforeItsClaim_IsToldOnceItIsApproved()
    {
        await using var stream = await OpenAsync(_citizen, "?topics=claims");
        await DeliverAsync("payment.sent", "claim-early", 9);
        (await stream.NextAsync()).Event.ShouldBe("beat");

        await DeliverAsync("claim.submitted", "claim-early", 1);

        (await StatusAsync(stream)).ShouldBe(("claim-early", "submitted"));
        await DeliverAsync("claim.approved", "claim-early", 2);
        (await StatusAsync(stream)).ShouldBe(("claim-early", "paid"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Payment_OverAnotherAmountThanApproved_IsNotTold(bool isEarly)
    {
        await using var stream = await OpenAsync(_citizen, "?topics=claims");
        var approved = Event("claim.approved", "claim-other", 1);
        var forged = Event("payment.sent", "claim-other", 9, amount: 600.01m);
        foreach (var one in isEarly ? new[] { forged, approved } : [approved, forged])
            await DeliverAsync(one);

        (await StatusAsync(stream)).ShouldBe(("claim-other", "approved"));
        (await stream.NextAsync()).Event.ShouldBe("beat");
        await DeliverAsync("payment.sent", "claim-other", 2);
        (await StatusAsync(stream)).ShouldBe(("claim-other", "paid"));
    }

    [Fact]
    public async Task Stream_WithoutTheScope_OrWithAFalseToken_IsRefused()
    {
        using var scopeless = await GetAsync(_citizen, "", lastId: null, scopes: "messages.read");
        using var client = _mesh.Client("journey");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "nonsense");
        using var nonsense = await client.GetAsync("/stream", HttpCompletionOption.ResponseHeadersRead, Ct);
        using var topics = await GetAsync(_citizen, "?topics=payments", lastId: null);

        scopeless.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        nonsense.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        topics.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    /// <summary>A database instead of a SQLite file.</summary>
    protected virtual Task<string?> DatabaseAsync() => Task.FromResult<string?>(null);

    private static async Task<(string Claim, string Status)> StatusAsync(ServerSentEvents stream)
    {
        using var data = JsonDocument.Parse((await stream.NextAsync("claim")).Data);
        data.RootElement.GetProperty("at").GetString()!.ShouldEndWith("Z");
        return (data.RootElement.GetProperty("claimId").GetString()!, data.RootElement.GetProperty("status").GetString()!);
    }

    private static async Task<string> LastIdAsync(HttpResponseMessage answer, string claim)
    {
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Ct));
        var id = "";
        while (await reader.ReadLineAsync(Ct) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                id = line[4..];
            if (line.Contains(claim, StringComparison.Ordinal))
                return id;
        }

        throw new InvalidOperationException("The stream ended.");
    }

    private CloudEvent Event(string topic, string claimId, int number, string? citizen = null, decimal amount = 600.00m)
    {
        citizen ??= _citizen;
        object data = topic switch
        {
            "claim.approved" => new { claimId, citizen, amount = 600.00m },
            "payment.sent" => new { claimId, amount },
            "payment.failed" => new { claimId, amount = 600.00m, reason = "returned" },
            _ => new { claimId, citizen },
        };
        return _mesh.Event(topic, data) with { Sequence = Sequence.Format(First + number) };
    }

    private Task DeliverAsync(string topic, string claimId, int number, string? citizen = null) => DeliverAsync(Event(topic, claimId, number, citizen));

    private async Task DeliverAsync(CloudEvent cloudEvent)
    {
        using var answer = await _mesh.DeliverAsync("journey", cloudEvent, Ct);
        (await answer.Content.ReadAsStringAsync(Ct)).ShouldContain("SUCCESS");
    }

    private async Task<ServerSentEvents> OpenAsync(string citizen, string query = "", string? lastId = null)
    {
        var answer = await GetAsync(citizen, query, lastId);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return new ServerSentEvents(answer, await answer.Content.ReadAsStreamAsync(Ct), Soon);
    }

    private async Task<HttpResponseMessage> GetAsync(string citizen, string query, string? lastId, string scopes = "claims.read", Action<SecurityTokenDescriptor>? change = null)
    {
        using var client = _mesh.Client("journey");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/stream{query}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _issuer.Mint("journey", scopes, citizen, change: change));
        if (lastId is not null)
            request.Headers.Add("Last-Event-ID", lastId);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
    }
}
