using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace HmsMesh.Services.Tests.Gateway;

/// <summary>A browser signs in, works and signs out.</summary>
public sealed class SignInTests(Door door) : IClassFixture<Door>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SignIn_AtTheIssuer_GivesASessionThatWorks()
    {
        using var browser = Browser();
        using var end = await FollowAsync(browser, "/sign-in?return=/claims");
        end.RequestMessage!.RequestUri!.PathAndQuery.ShouldBe("/claims");
        var exchanges = door.Issuer.Exchanges;

        var session = await browser.GetFromJsonAsync<JsonElement>("/api/session", Ct);
        session.GetProperty("signedIn").GetBoolean().ShouldBeTrue();
        session.GetProperty("name").GetString().ShouldBe("Diego Demo");
        (await browser.GetFromJsonAsync<JsonElement>("/api/claims", Ct)).GetProperty("who").GetString().ShouldBe("cit-diego001");
        door.Issuer.Exchanges.ShouldBe(exchanges);
    }

    [Fact]
    public async Task Change_ByCookie_NeedsTheHeaderOfOurPage()
    {
        using var browser = Browser();
        using var end = await FollowAsync(browser, "/sign-in");

        using var forged = await browser.SendAsync(Door.Claim("Acme"), Ct);
        await Door.ProblemAsync(forged, HttpStatusCode.Forbidden);
        using var ours = Door.Claim("Acme");
        ours.Headers.Add("X-CSRF", "1");
        (await browser.SendAsync(ours, Ct)).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task SignOut_EndsTheSessionAndItsTokens()
    {
        using var browser = Browser();
        using var end = await FollowAsync(browser, "/sign-in");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-out");
        request.Headers.Add("X-CSRF", "1");

        (await browser.SendAsync(request, Ct)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await browser.GetFromJsonAsync<JsonElement>("/api/session", Ct)).GetProperty("signedIn").GetBoolean().ShouldBeFalse();
        using var refused = await browser.GetAsync("/api/claims", Ct);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        door.Issuer.Revoked.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("/sign-in?return=https://evil.example/")]
    [InlineData("/sign-in?return=//evil.example/")]
    [InlineData("/sign-in?return=/%5Cevil.example/")]
    public async Task Return_ToElsewhere_IsTheFirstPage(string path)
    {
        using var browser = Browser();
        using var end = await FollowAsync(browser, path);

        end.RequestMessage!.RequestUri!.ShouldBe(door.Mesh.Address("gateway"));
    }

    [Fact]
    public async Task Answer_ThatBeganElsewhere_IsRefused()
    {
        using var begun = Browser();
        using var victim = Browser();
        using var first = await begun.GetAsync("/sign-in", Ct);
        using var issuer = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var back = await issuer.GetAsync(first.Headers.Location, Ct);

        using var landed = await victim.GetAsync(back.Headers.Location, Ct);
        landed.Headers.Location!.OriginalString.ShouldBe("/?sign-in=refused");
        (await victim.GetFromJsonAsync<JsonElement>("/api/session", Ct)).GetProperty("signedIn").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task SignIn_AfterTheIssuerChangedItsKey_IsTakenAtOnce()
    {
        using var before = Browser();
        using var first = await FollowAsync(before, "/sign-in");
        door.Issuer.Rotate();

        using var after = Browser();
        using var end = await FollowAsync(after, "/sign-in?return=/claims");

        end.RequestMessage!.RequestUri!.PathAndQuery.ShouldBe("/claims");
        (await after.GetFromJsonAsync<JsonElement>("/api/session", Ct)).GetProperty("signedIn").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Nonce_OfAnotherSignIn_IsRefused()
    {
        using var browser = Browser();
        door.Issuer.Nonce = "another";
        using var end = await FollowAsync(browser, "/sign-in");
        door.Issuer.Nonce = null;

        end.RequestMessage!.RequestUri!.Query.ShouldBe("?sign-in=refused");
    }

    [Fact]
    public async Task AccessToken_NearItsEnd_IsRenewedOnce()
    {
        using var browser = Browser();
        door.Issuer.Lifetime = TimeSpan.FromSeconds(20);
        using var end = await FollowAsync(browser, "/sign-in");
        door.Issuer.Lifetime = TimeSpan.FromMinutes(5);
        var before = door.Issuer.Refreshes;

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => browser.GetAsync("/api/claims", Ct)));

        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK);
        door.Issuer.Refreshes.ShouldBeLessThanOrEqualTo(before + 1);
    }

    [Fact]
    public async Task Session_AskedForAheadOfTheEnd_HasItsTokensReadyForLonger()
    {
        using var browser = Browser();
        door.Issuer.Lifetime = TimeSpan.FromSeconds(100);
        using var end = await FollowAsync(browser, "/sign-in");
        door.Issuer.Lifetime = TimeSpan.FromMinutes(5);
        var renewed = door.Issuer.Refreshes;

        await browser.GetFromJsonAsync<JsonElement>("/api/session?idle=true", Ct);
        var (refreshes, exchanges) = (door.Issuer.Refreshes, door.Issuer.Exchanges);
        var claims = await browser.GetFromJsonAsync<JsonElement>("/api/claims", Ct);

        refreshes.ShouldBe(renewed + 1);
        claims.GetProperty("until").GetDateTimeOffset().ShouldBeGreaterThan(TimeProvider.System.GetUtcNow().AddMinutes(2.5));
        (door.Issuer.Refreshes, door.Issuer.Exchanges).ShouldBe((refreshes, exchanges));
    }

    [Fact]
    public async Task Session_AskedForWhileTheIssuerIsAway_KeepsWhatItHas()
    {
        using var browser = Browser();
        door.Issuer.Lifetime = TimeSpan.FromSeconds(100);
        using var end = await FollowAsync(browser, "/sign-in");
        door.Issuer.Lifetime = TimeSpan.FromMinutes(5);
        (await browser.GetAsync("/api/claims", Ct)).StatusCode.ShouldBe(HttpStatusCode.OK);
        door.Issuer.IsAway = true;

        var session = await browser.GetFromJsonAsync<JsonElement>("/api/session", Ct);
        using var claims = await browser.GetAsync("/api/claims", Ct);
        door.Issuer.IsAway = false;

        session.GetProperty("signedIn").GetBoolean().ShouldBeTrue();
        claims.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private HttpClient Browser() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = door.Mesh.Address("gateway") };

    private static async Task<HttpResponseMessage> FollowAsync(HttpClient browser, string path)
    {
        var answer = await browser.GetAsync(path, Ct);
        for (var hops = 0; hops < 5 && answer.Headers.Location is { } next; hops++)
            answer = await browser.GetAsync(new Uri(answer.RequestMessage!.RequestUri!, next), Ct);
        return answer;
    }
}
