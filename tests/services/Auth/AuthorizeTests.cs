using System.Net;

namespace HmsMesh.Services.Tests.Auth;

/// <summary>What a client may ask for, and where its answer goes.</summary>
public class AuthorizeTests(AuthSite site) : IClassFixture<AuthSite>
{
    [Theory]
    [InlineData("gateway", AuthSite.Portal + "/signed-in/")]
    [InlineData("gateway", AuthSite.Portal + "/signed-in?x=1")]
    [InlineData("gateway", AuthSite.Portal + "/Signed-in")]
    [InlineData("gateway", "http://127.0.0.1:6007/signed-in")]
    [InlineData("gateway", "https://evil.example/signed-in")]
    [InlineData("gateway", null)]
    [InlineData("mesh", "http://127.0.0.1:43210/other")]
    [InlineData("mesh", "http://127.0.0.1:43210/callback?x=1")]
    [InlineData("mesh", "http://127.0.0.1:43210/callback#x")]
    [InlineData("mesh", "http://user@127.0.0.1:43210/callback")]
    [InlineData("mesh", "http://localhost:43210/callback")]
    [InlineData("mesh", "http://127.0.0.1.evil.example/callback")]
    [InlineData("mesh", "http://127.0.0.1:43210/x/../callback")]
    [InlineData("agency-demo", "http://127.0.0.1:43210/callback")]
    [InlineData("nobody", AuthSite.Portal + "/signed-in")]
    [InlineData(null, AuthSite.Portal + "/signed-in")]
    public async Task Authorize_UnregisteredPlace_SendsNobodyThere(string? client, string? redirect)
    {
        using var browser = site.Browser();

        using var answer = await browser.AuthorizeAsync(browser.Request("gateway", ("client_id", client), ("redirect_uri", redirect)));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Headers.Location.ShouldBeNull();
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotContain("evil");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8400)]
    [InlineData(65535)]
    public async Task Authorize_LoopbackOfAProgram_MayHaveAnyPort(int port)
    {
        using var browser = site.Browser();

        (await browser.AuthorizeAsync(browser.Request("mesh", ("redirect_uri", $"http://127.0.0.1:{port}/callback")))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_type", null, "invalid_request")]
    [InlineData("response_mode", "form_post", "invalid_request")]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("code_challenge", "short", "invalid_request")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("code_challenge_method", null, "invalid_request")]
    [InlineData("scope", "openid everything", "invalid_scope")]
    [InlineData("prompt", "none", "login_required")]
    [InlineData("request", "eyJhbGciOiJub25lIn0.e30.", "request_not_supported")]
    [InlineData("request_uri", "https://evil.example", "request_uri_not_supported")]
    public async Task Authorize_FaultyRequest_TellsTheClient(string name, string? value, string error)
    {
        using var browser = site.Browser();

        using var answer = await browser.AuthorizeAsync(browser.Request(change: (name, value)));

        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        answer.Headers.Location!.GetLeftPart(UriPartial.Path).ShouldBe(AuthBrowser.GatewayRedirect);
        var told = AuthBrowser.Query(answer);
        told["error"].ShouldBe(error);
        told["state"].ShouldBe("state-1");
        told.ShouldNotContainKey("code");
    }

    [Fact]
    public async Task Authorize_ParameterTwiceOrTooLong_IsRefused()
    {
        using var browser = site.Browser();

        (await browser.GetAsync("/authorize?client_id=gateway&client_id=mesh")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await browser.AuthorizeAsync(browser.Request(change: ("scope", new string('a', 2049))))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        AuthBrowser.Query(await browser.AuthorizeAsync(browser.Request(change: ("state", new string('a', 1025)))))["error"].ShouldBe("invalid_request");
        AuthBrowser.Query(await browser.AuthorizeAsync(browser.Request(change: ("nonce", new string('a', 513)))))["error"].ShouldBe("invalid_request");
    }
}
