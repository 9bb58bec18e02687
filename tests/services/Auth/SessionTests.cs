using System.Net;
using System.Text.Json;

namespace HmsMesh.Services.Tests.Auth;

/// <summary>Codes and refresh tokens: each once, for its client alone, until its session ends.</summary>
public class SessionTests(AuthSite site) : IClassFixture<AuthSite>
{
    [Fact]
    public async Task Code_UsedTwice_EndsItsSession()
    {
        using var browser = site.Browser();
        var code = (await browser.SignInAsync())["code"];
        var (_, tokens) = await browser.RedeemAsync(code);
        (await browser.ExchangeAsync(tokens.Text("access_token"))).Status.ShouldBe(HttpStatusCode.OK);

        var (status, answer) = await browser.RedeemAsync(code);

        status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Text("error").ShouldBe("invalid_grant");
        (await browser.RefreshAsync(tokens.Text("refresh_token"))).Answer.Text("error").ShouldBe("invalid_grant");
        (await browser.ExchangeAsync(tokens.Text("access_token"))).Answer.Text("error").ShouldBe("invalid_request");
    }

    [Fact]
    public async Task Code_UsedTwiceAtOnce_GivesTokensAtMostOnce()
    {
        using var browser = site.Browser();
        var code = (await browser.SignInAsync())["code"];

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => browser.RedeemAsync(code)));

        answers.Count(a => a.Status == HttpStatusCode.OK).ShouldBe(1);
    }

    [Theory]
    [InlineData("verifier")]
    [InlineData("redirect")]
    [InlineData("late")]
    public async Task Code_WithSomethingWrong_IsSpent(string what)
    {
        using var browser = site.Browser();
        var code = (await browser.SignInAsync(client: "mesh"))["code"];
        if (what == "late")
            site.Time.Advance(TimeSpan.FromSeconds(61));
        var (status, answer) = await browser.RedeemAsync(
            code, "mesh", what == "verifier" ? new string('a', 43) : null, what == "redirect" ? "http://127.0.0.1:43211/callback" : null);

        status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Text("error").ShouldBe("invalid_grant");
        (await browser.RedeemAsync(code, "mesh")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Code_OfAnotherClient_IsRefusedAndStaysGood()
    {
        using var browser = site.Browser();
        var code = (await browser.SignInAsync())["code"];

        (await browser.RedeemAsync(code, "mesh", redirect: AuthBrowser.GatewayRedirect)).Answer.Text("error").ShouldBe("invalid_grant");
        (await browser.RedeemAsync("made-up")).Answer.Text("error").ShouldBe("invalid_grant");
        (await browser.RedeemAsync(code)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("gateway")]
    [InlineData("mesh")]
    public async Task Refresh_Token_GivesTheNextOne(string client)
    {
        using var browser = site.Browser();
        var tokens = await browser.TokensAsync(client: client);

        var (status, next) = await browser.RefreshAsync(tokens.Text("refresh_token"), client);

        status.ShouldBe(HttpStatusCode.OK);
        next.Text("refresh_token").ShouldNotBe(tokens.Text("refresh_token"));
        next.Said().Text("sub").ShouldBe(tokens.Said().Text("sub"));
        next.Said().Text("sid").ShouldBe(tokens.Said().Text("sid"));
        next.Text("scope").ShouldBe(tokens.Text("scope"));
        var (_, less) = await browser.RefreshAsync(next.Text("refresh_token"), client, "claims.read payments.operate");
        less.Said().Text("scope").ShouldBe("claims.read");
        (await browser.RefreshAsync(less.Text("refresh_token"), client)).Answer.Said().Text("scope").ShouldBe("claims.write claims.read");
    }

    [Fact]
    public async Task Refresh_UsedTwice_EndsTheFamily()
    {
        using var browser = site.Browser();
        var tokens = await browser.TokensAsync();
        var (_, next) = await browser.RefreshAsync(tokens.Text("refresh_token"));

        (await browser.RefreshAsync(tokens.Text("refresh_token"))).Answer.Text("error").ShouldBe("invalid_grant");

        (await browser.RefreshAsync(next.Text("refresh_token"))).Answer.Text("error").ShouldBe("invalid_grant");
        (await browser.ExchangeAsync(next.Text("access_token"))).Status.ShouldBe(HttpStatusCode.BadRequest);
        site.Lines.ShouldContain(l => l.Contains("gateway showed a refresh token for the second time", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Refresh_OfAnotherClientOrTooLate_IsRefused()
    {
        using var browser = site.Browser();
        var tokens = await browser.TokensAsync();

        (await browser.RefreshAsync(tokens.Text("refresh_token"), "mesh")).Answer.Text("error").ShouldBe("invalid_grant");
        site.Time.Advance(TimeSpan.FromHours(9));
        (await browser.RefreshAsync(tokens.Text("refresh_token"))).Answer.Text("error").ShouldBe("invalid_grant");
    }

    [Theory]
    [InlineData("refresh_token")]
    [InlineData("access_token")]
    public async Task Revoke_EitherToken_EndsTheSession(string which)
    {
        using var browser = site.Browser();
        var tokens = await browser.TokensAsync();
        (await browser.PostAsync("/revoke", null, ("client_id", "mesh"), ("token", tokens.Text(which)))).Status.ShouldBe(HttpStatusCode.OK);
        (await browser.ExchangeAsync(tokens.Text("access_token"))).Status.ShouldBe(HttpStatusCode.OK);

        var (status, _) = await browser.PostAsync("/revoke", AuthBrowser.Basic("gateway", AuthSite.GatewaySecret), ("token", tokens.Text(which)));

        status.ShouldBe(HttpStatusCode.OK);
        (await browser.RefreshAsync(tokens.Text("refresh_token"))).Answer.Text("error").ShouldBe("invalid_grant");
        (await browser.ExchangeAsync(tokens.Text("access_token"))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Revoke_UnknownTokenOrClient_IsAsTheStandardSays()
    {
        using var browser = site.Browser();
        var gateway = AuthBrowser.Basic("gateway", AuthSite.GatewaySecret);

        (await browser.PostAsync("/revoke", gateway, ("token", "made-up"))).Status.ShouldBe(HttpStatusCode.OK);
        (await browser.PostAsync("/revoke", gateway)).Answer.Text("error").ShouldBe("invalid_request");
        (await browser.PostAsync("/revoke", AuthBrowser.Basic("gateway", "wrong"), ("token", "made-up"))).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task IdToken_ByTheServicesClock_BeginsAndEnds()
    {
        using var browser = site.Browser();
        var before = site.Time.GetUtcNow();
        var first = (await browser.TokensAsync()).Said("id_token");
        site.Time.Advance(TimeSpan.FromMinutes(30));
        var second = (await browser.TokensAsync()).Said("id_token");
        var after = site.Time.GetUtcNow();

        foreach (var token in (JsonElement[])[first, second])
        {
            (Number(token, "exp") - Number(token, "iat")).ShouldBe(5 * 60);
            Number(token, "nbf").ShouldBe(Number(token, "iat"));
        }

        Number(first, "iat").ShouldBeInRange(before.ToUnixTimeSeconds(), after.ToUnixTimeSeconds() - (30 * 60));
        Number(second, "iat").ShouldBeInRange(before.ToUnixTimeSeconds() + (30 * 60), after.ToUnixTimeSeconds());
        (Number(second, "iat") - Number(second, "auth_time")).ShouldBeInRange(0, after.ToUnixTimeSeconds() - before.ToUnixTimeSeconds() - (30 * 60));

        static long Number(JsonElement token, string name) => token.GetProperty(name).GetInt64();
    }

    [Fact]
    public async Task EndSession_IdTokenThatIsOver_StillTellsWhoseSessionItIs()
    {
        using var browser = site.Browser();
        var tokens = await browser.TokensAsync();
        site.Time.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        (await browser.ExchangeAsync(tokens.Text("access_token"))).Status.ShouldBe(HttpStatusCode.BadRequest);
        var (status, next) = await browser.RefreshAsync(tokens.Text("refresh_token"));
        status.ShouldBe(HttpStatusCode.OK);

        using var answer = await browser.GetAsync($"/end-session?id_token_hint={tokens.Text("id_token")}");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await browser.RefreshAsync(next.Text("refresh_token"))).Answer.Text("error").ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task EndSession_IdToken_EndsItAndGoesBack()
    {
        using var browser = site.Browser();
        var tokens = await browser.TokensAsync();
        var back = Uri.EscapeDataString(AuthSite.Portal + "/");

        using var elsewhere = await browser.GetAsync($"/end-session?id_token_hint={tokens.Text("id_token")}&post_logout_redirect_uri=https%3A%2F%2Fevil.example");
        elsewhere.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await browser.GetAsync($"/end-session?id_token_hint={tokens.Text("access_token")}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var answer = await browser.GetAsync($"/end-session?id_token_hint={tokens.Text("id_token")}&post_logout_redirect_uri={back}&state=s");

        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        answer.Headers.Location!.ToString().ShouldBe(AuthSite.Portal + "/?state=s");
        (await browser.RefreshAsync(tokens.Text("refresh_token"))).Answer.Text("error").ShouldBe("invalid_grant");
        (await browser.GetAsync("/end-session")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
