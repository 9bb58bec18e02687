using System.Net;
using System.Net.Http.Headers;

namespace HmsMesh.Services.Tests.Auth;

/// <summary>Tokens that services show each other: a client's own, and those in exchange for a citizen's or an API key.</summary>
public class ServiceTokenTests(AuthSite site) : IClassFixture<AuthSite>
{
    private const string ApiKeyType = "urn:hms:token-type:api-key";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ClientCredentials_Operator_GetsATokenForOneService()
    {
        using var browser = site.Browser();

        var (status, answer) = await browser.PostAsync(
            "/token", AuthBrowser.Basic("mesh", AuthSite.MeshSecret), ("grant_type", "client_credentials"), ("audience", "payments"), ("scope", "payments.operate"));

        status.ShouldBe(HttpStatusCode.OK);
        answer.TryGetProperty("refresh_token", out _).ShouldBeFalse();
        var token = answer.Said();
        (token.Text("sub"), token.Text("aud"), token.Text("scope")).ShouldBe(("mesh", "payments", "payments.operate"));
        var (_, posted) = await browser.PostAsync(
            "/token", null, ("grant_type", "client_credentials"), ("client_id", "mesh"), ("client_secret", AuthSite.MeshSecret), ("audience", "capacity"));
        posted.Said().Text("scope").ShouldBe("capacity.write payments.operate audit.read topics");
    }

    [Theory]
    [InlineData("mesh", "wrong", "client_credentials", "", "invalid_client")]
    [InlineData("nobody", "x", "client_credentials", "", "invalid_client")]
    [InlineData("mesh", AuthSite.MeshSecret, "client_credentials", "claims.write", "invalid_scope")]
    [InlineData("mesh", AuthSite.MeshSecret, "urn:ietf:params:oauth:grant-type:token-exchange", "", "unauthorized_client")]
    [InlineData("gateway", AuthSite.GatewaySecret, "client_credentials", "", "unauthorized_client")]
    [InlineData("gateway", AuthSite.GatewaySecret, "password", "", "unsupported_grant_type")]
    [InlineData("gateway", AuthSite.GatewaySecret, "", "", "invalid_request")]
    public async Task Token_NotAllowed_IsRefused(string client, string secret, string grant, string scope, string error)
    {
        using var browser = site.Browser();

        var (status, answer) = await browser.PostAsync("/token", AuthBrowser.Basic(client, secret), ("grant_type", grant), ("scope", scope));

        status.ShouldBe(error == "invalid_client" ? HttpStatusCode.Unauthorized : HttpStatusCode.BadRequest);
        answer.Text("error").ShouldBe(error);
    }

    [Fact]
    public async Task Token_ClientWithoutOrWithTwoProofs_IsRefused()
    {
        using var browser = site.Browser();

        (await browser.PostAsync("/token", null, ("client_id", "mesh"), ("grant_type", "client_credentials"))).Answer.Text("error").ShouldBe("unauthorized_client");
        (await browser.PostAsync("/token", null, ("client_id", "gateway"), ("grant_type", "refresh_token"))).Answer.Text("error").ShouldBe("invalid_client");
        (await browser.PostAsync(
            "/token", AuthBrowser.Basic("mesh", AuthSite.MeshSecret), ("client_secret", AuthSite.MeshSecret), ("grant_type", "client_credentials")))
            .Answer.Text("error").ShouldBe("invalid_request");
        (await browser.PostAsync("/token", new AuthenticationHeaderValue("Basic", "%"), ("grant_type", "client_credentials"))).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Exchange_CitizensToken_IsForOneServiceAndForWhatBothMay()
    {
        using var browser = site.Browser();
        var citizen = await browser.TokensAsync();

        var (status, answer) = await browser.ExchangeAsync(citizen.Text("access_token"), "claims");

        status.ShouldBe(HttpStatusCode.OK);
        answer.Text("issued_token_type").ShouldBe("urn:ietf:params:oauth:token-type:access_token");
        var token = answer.Said();
        (token.Text("sub"), token.Text("aud"), token.Text("scope")).ShouldBe((citizen.Said().Text("sub"), "claims", "claims.write claims.read"));
        token.GetProperty("act").Text("sub").ShouldBe("gateway");
        (await browser.ExchangeAsync(citizen.Text("access_token"), scope: "claims.read audit.read")).Answer.Said().Text("scope").ShouldBe("claims.read");
        (await browser.ExchangeAsync(citizen.Text("access_token"), "bank")).Answer.Text("error").ShouldBe("invalid_target");
        (await browser.ExchangeAsync(answer.Text("access_token"), "payments")).Answer.Text("error").ShouldBe("invalid_request");
        (await browser.ExchangeAsync(citizen.Text("id_token"))).Answer.Text("error").ShouldBe("invalid_request");
        (await browser.ExchangeAsync(citizen.Text("access_token") + "x")).Answer.Text("error").ShouldBe("invalid_request");
        (await browser.ExchangeAsync(citizen.Text("access_token"), type: "urn:ietf:params:oauth:token-type:saml2")).Answer.Text("error").ShouldBe("invalid_request");
    }

    [Fact]
    public async Task Exchange_TokenThatIsOver_IsRefused()
    {
        using var browser = site.Browser();
        var citizen = await browser.TokensAsync();
        site.Time.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));

        (await browser.ExchangeAsync(citizen.Text("access_token"))).Answer.Text("error").ShouldBe("invalid_request");
    }

    [Fact]
    public async Task Exchange_ApiKey_SpeaksForItsClient()
    {
        using var browser = site.Browser();

        var (_, answer) = await browser.ExchangeAsync(AuthSite.ApiKey, "claims", ApiKeyType);

        var token = answer.Said();
        (token.Text("sub"), token.Text("aud"), token.Text("scope")).ShouldBe(("agency-demo", "claims", "claims.read capacity.write"));
        (await browser.ExchangeAsync(AuthSite.ApiKey[..^1], "claims", ApiKeyType)).Answer.Text("error").ShouldBe("invalid_request");
        (await browser.ExchangeAsync(AuthSite.GatewaySecret, "claims", ApiKeyType)).Answer.Text("error").ShouldBe("invalid_request");
    }

    [Fact]
    public async Task Token_BodyOfAnotherKindOrSize_IsRefused()
    {
        using var http = new HttpClient { BaseAddress = site.Address };
        using var json = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
        using var large = new FormUrlEncodedContent([new("grant_type", new string('a', 40_000))]);
        using var longValue = new FormUrlEncodedContent([new("grant_type", new string('a', 9_000))]);
        using var many = new FormUrlEncodedContent(Enumerable.Range(0, 50).Select(i => KeyValuePair.Create($"a{i}", "1")));
        using var twice = new FormUrlEncodedContent([new("grant_type", "a"), new("grant_type", "b")]);

        (await http.PostAsync("/token", json, Ct)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await http.PostAsync("/token", large, Ct)).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await http.PostAsync("/token", longValue, Ct)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await http.PostAsync("/token", many, Ct)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await http.PostAsync("/token", twice, Ct)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await http.GetAsync("/token?grant_type=client_credentials", Ct)).IsSuccessStatusCode.ShouldBeFalse();
    }
}
