using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using HmsMesh.Services.Tests.Journey;
using Microsoft.IdentityModel.Tokens;

namespace HmsMesh.Services.Tests.Gateway;

/// <summary>Who is let through, and what is forwarded.</summary>
public sealed class DoorTests(Door door) : IClassFixture<Door>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Claim_WithAToken_ReachesTheServiceForThatCitizenAlone()
    {
        using var client = door.Citizen("cit-amara001");
        using var filed = await client.SendAsync(Door.Claim("Acme"), Ct);

        filed.StatusCode.ShouldBe(HttpStatusCode.Created);
        filed.Headers.Location!.OriginalString.ShouldStartWith("/api/claims/claim-");
        (await filed.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("citizen").GetString().ShouldBe("cit-amara001");
        door.Seen!.Authorization.ToString().ShouldNotContain(client.DefaultRequestHeaders.Authorization!.Parameter!);
        door.Seen.ContainsKey("Cookie").ShouldBeFalse();
        using var read = await client.GetAsync(filed.Headers.Location, Ct);
        read.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var missing = await client.GetAsync("/api/claims/none", Ct);
        await Door.ProblemAsync(missing, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Query_AsItIs_IsForwarded()
    {
        using var client = door.Citizen();

        (await client.GetFromJsonAsync<JsonElement>("/api/claims?take=3&from=a%20b", Ct)).GetProperty("query").GetString().ShouldBe("?take=3&from=a%20b");
    }

    [Fact]
    public async Task Exchange_ForManyRequests_IsOne()
    {
        using var client = door.Citizen("cit-exchange");
        var before = door.Issuer.Exchanges;

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.GetAsync("/api/claims", Ct)));

        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK);
        door.Issuer.Exchanges.ShouldBe(before + 1);
    }

    [Fact]
    public async Task Nobody_IsToldToSignIn()
    {
        using var client = door.Client();
        using var answer = await client.GetAsync("/api/claims", Ct);

        await Door.ProblemAsync(answer, HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ToString().ShouldStartWith("Bearer");
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("audience")]
    [InlineData("signature")]
    [InlineData("none")]
    [InlineData("garbage")]
    public async Task Token_ThatIsNotGood_IsRefused(string what)
    {
        var token = what switch
        {
            "expired" => door.Issuer.Mint("gateway", "claims.read", change: d => (d.NotBefore, d.Expires) = (d.NotBefore!.Value.AddHours(-1), d.NotBefore.Value.AddMinutes(-10))),
            "audience" => door.Issuer.Mint("claims", "claims.read"),
            "signature" => door.Issuer.Mint("gateway", "claims.read", change: d => d.SigningCredentials = new SigningCredentials(
                new RsaSecurityKey(System.Security.Cryptography.RSA.Create(2048)) { KeyId = "tests" }, SecurityAlgorithms.RsaSha256)),
            "none" => door.Issuer.Mint("gateway", "claims.read", change: d => d.SigningCredentials = null),
            _ => "garbage",
        };
        using var client = door.Client(token);
        using var answer = await client.GetAsync("/api/claims", Ct);

        var problem = await Door.ProblemAsync(answer, HttpStatusCode.Unauthorized);
        problem.ToString().ShouldNotContain(token);
    }

    [Fact]
    public async Task Token_WithoutTheScope_IsForbidden()
    {
        using var client = door.Citizen(scopes: "claims.read");
        using var answer = await client.SendAsync(Door.Claim("Acme"), Ct);

        await Door.ProblemAsync(answer, HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task ApiKey_ThatIsKnown_SpeaksForItsClient()
    {
        using var client = door.Client(key: GateIssuer.ApiKey);

        (await client.GetFromJsonAsync<JsonElement>("/api/claims", Ct)).GetProperty("who").GetString().ShouldBe("agency-demo");
        using var forbidden = await client.SendAsync(Door.Claim("Acme"), Ct);
        await Door.ProblemAsync(forbidden, HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task ApiKey_ThatIsUnknown_IsRefused()
    {
        using var client = door.Client(key: "a-key-that-nobody-was-given");
        using var answer = await client.GetAsync("/api/claims", Ct);

        await Door.ProblemAsync(answer, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Refusal_OfTheService_KeepsItsFields()
    {
        using var client = door.Citizen();
        using var answer = await client.SendAsync(Door.Claim(""), Ct);

        var problem = await Door.ProblemAsync(answer, HttpStatusCode.UnprocessableEntity);
        problem.GetProperty("errors").GetProperty("employer")[0].GetString().ShouldBe("Say who employed you.");
    }

    [Fact]
    public async Task Service_ThatFails_IsABadGateway()
    {
        using var client = door.Citizen();
        using var answer = await client.SendAsync(Door.Claim("broken"), Ct);

        (await Door.ProblemAsync(answer, HttpStatusCode.BadGateway)).ToString().ShouldNotContain("InvalidOperation");
    }

    [Fact]
    public async Task Service_ThatIsNotThere_IsAway()
    {
        using var client = door.Citizen(scopes: "payee.write");
        using var answer = await client.GetAsync("/api/payee", Ct);

        await Door.ProblemAsync(answer, HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task Body_OverTheLimit_IsTooLarge()
    {
        using var client = door.Citizen();
        using var known = new HttpRequestMessage(HttpMethod.Post, "/api/claims") { Content = new ByteArrayContent(new byte[2 << 20]) };
        known.Headers.ExpectContinue = true;
        using var told = await client.SendAsync(known, Ct);
        await Door.ProblemAsync(told, HttpStatusCode.RequestEntityTooLarge);

        // One byte over, so that nothing is left to send when the answer comes.
        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/api/claims") { Content = new StreamContent(new MemoryStream(new byte[(1 << 20) + 1])) };
        chunked.Headers.TransferEncodingChunked = true;
        using var answer = await client.SendAsync(chunked, Ct);
        await Door.ProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Stream_OfTheService_ArrivesEventByEvent()
    {
        using var client = door.Citizen();
        using var answer = await client.GetAsync("/api/stream", HttpCompletionOption.ResponseHeadersRead, Ct);
        await using var events = new ServerSentEvents(answer, await answer.Content.ReadAsStreamAsync(Ct), TimeSpan.FromSeconds(20));

        (await events.NextAsync("claim")).Data.ShouldBe("""{"n":0}""");
        (await events.NextAsync("claim")).Data.ShouldBe("""{"n":1}""");
    }

    [Fact]
    public async Task Options_ForAnyone_NeedNoSignIn()
    {
        using var client = door.Client();

        (await client.GetFromJsonAsync<JsonElement>("/api/afrh/options", Ct))[0].GetProperty("facility").GetString().ShouldBe("gulfport");
    }

    [Theory]
    [InlineData("req-42", "req-42")]
    [InlineData("bad id\twith spaces", null)]
    public async Task RequestId_ThatIsHarmless_IsKept(string given, string? expected)
    {
        using var client = door.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/claims");
        request.Headers.TryAddWithoutValidation("X-Request-Id", given);
        using var answer = await client.SendAsync(request, Ct);

        var id = answer.Headers.GetValues("X-Request-Id").Single();
        (await Door.ProblemAsync(answer, HttpStatusCode.Unauthorized)).GetProperty("requestId").GetString().ShouldBe(id);
        if (expected is not null)
            id.ShouldBe(expected);
        else
            id.ShouldNotBe(given);
    }

    [Fact]
    public async Task Address_OfNothing_IsAProblem()
    {
        using var client = door.Client();
        using var answer = await client.GetAsync("/api/nothing", Ct);

        await Door.ProblemAsync(answer, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task OpenApi_NamesEveryRouteWithItsShape()
    {
        using var client = door.Client();
        var document = await client.GetFromJsonAsync<JsonElement>("/openapi/v1.json", Ct);

        var paths = document.GetProperty("paths");
        var post = paths.GetProperty("/api/claims").GetProperty("post");
        post.GetProperty("requestBody").ToString().ShouldContain("ClaimForm");
        foreach (var status in (string[])["201", "401", "403", "409", "413", "422", "429"])
            post.GetProperty("responses").TryGetProperty(status, out _).ShouldBeTrue(status);
        paths.GetProperty("/api/claims/{id}").GetProperty("get").GetProperty("parameters")[0].GetProperty("name").GetString().ShouldBe("id");
        post.GetProperty("security").GetArrayLength().ShouldBe(3);
        using var page = await client.GetAsync("/api-docs", Ct);
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
