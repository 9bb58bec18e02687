using System.Net;
using AngleSharp.Html.Parser;

namespace HmsMesh.Services.Tests.Auth;

/// <summary>How a citizen signs in, and what is refused on the way.</summary>
public class SignInTests(AuthSite site) : IClassFixture<AuthSite>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SignIn_Citizen_GivesTokensForTheDoorAlone()
    {
        using var browser = site.Browser();
        var answer = await browser.SignInAsync("diego", change: ("scope", "openid profile claims.write claims.read payments.operate"));
        answer["state"].ShouldBe("state-1");
        answer["iss"].ShouldBe(site.Address.ToString().TrimEnd('/'));

        var (_, tokens) = await browser.RedeemAsync(answer["code"]);

        tokens.Text("token_type").ShouldBe("Bearer");
        tokens.GetProperty("expires_in").GetInt32().ShouldBe(300);
        tokens.Text("scope").ShouldBe("openid profile claims.write claims.read");
        var access = tokens.Said();
        access.Text("sub").ShouldMatch("^cit-[a-z2-9]{8}$");
        access.Text("aud").ShouldBe("gateway");
        access.Text("scope").ShouldBe("claims.write claims.read");
        access.GetProperty("roles").EnumerateArray().Select(r => r.GetString()).ShouldBe(["citizen"]);
        access.Text("client_id").ShouldBe("gateway");
        (access.GetProperty("exp").GetInt64() - access.GetProperty("iat").GetInt64()).ShouldBe(300);
        var header = Jwt.Read(tokens.Text("access_token"));
        header.Typ.ShouldBe("at+jwt");
        header.Alg.ShouldBe("RS256");
        var id = tokens.Said("id_token");
        id.Text("sub").ShouldBe(access.Text("sub"));
        id.Text("nonce").ShouldBe("nonce-1");
        id.Text("name").ShouldBe("Diego");
    }

    [Fact]
    public async Task SignIn_SameAccountAgain_KeepsItsOpaqueId()
    {
        using var browser = site.Browser();
        var first = (await browser.TokensAsync("grace")).Said();
        var second = (await browser.TokensAsync("grace", "mesh")).Said();

        second.Text("sub").ShouldBe(first.Text("sub"));
        second.Text("jti").ShouldNotBe(first.Text("jti"));
        first.GetProperty("roles").EnumerateArray().Select(r => r.GetString()).ShouldBe(["citizen", "veteran"]);
    }

    [Fact]
    public async Task Page_Shown_HasNoScriptAndNamesItsFields()
    {
        using var browser = site.Browser();
        using var page = await browser.AuthorizeAsync(browser.Request());

        page.Headers.GetValues("Content-Security-Policy").Single().ShouldBe(
            $"default-src 'none'; style-src 'self'; form-action 'self' {AuthSite.Portal}; base-uri 'none'; frame-ancestors 'none'");
        page.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var document = await new HtmlParser().ParseDocumentAsync(await page.Content.ReadAsStringAsync(Ct));
        document.QuerySelectorAll("script, [style], [onclick]").ShouldBeEmpty();
        document.QuerySelectorAll("form label").Select(l => document.GetElementById(l.GetAttribute("for")!)!.GetAttribute("name")).ShouldBe(["username", "password"]);
        document.Body!.TextContent.ShouldContain("for demonstration");
        (await browser.GetAsync("/sign-in.css")).Content.Headers.ContentType!.MediaType.ShouldBe("text/css");
    }

    [Theory]
    [InlineData("es-US,es;q=0.9,en;q=0.8", null, "Contraseña")]
    [InlineData("en-US", "es", "Contraseña")]
    [InlineData("de", null, "Password")]
    public async Task Page_Language_IsTheCitizens(string browserSays, string? clientSays, string label)
    {
        using var browser = site.Browser();
        using var page = await browser.AuthorizeAsync(browser.Request(change: ("ui_locales", clientSays)), browserSays);

        (await new HtmlParser().ParseDocumentAsync(await page.Content.ReadAsStringAsync(Ct))).Body!.TextContent.ShouldContain(label);
    }

    [Fact]
    public async Task SignIn_WrongPassword_AsksAgainAndTellsNothing()
    {
        using var browser = site.Browser();
        using var page = await browser.AuthorizeAsync(browser.Request());
        using var known = await browser.SubmitAsync(page, "pat", "wrong");
        using var unknown = await browser.SubmitAsync(page, "<b>nobody</b>", "wrong");

        known.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        unknown.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var text = await unknown.Content.ReadAsStringAsync(Ct);
        text.ShouldContain("role=\"alert\"");
        text.ShouldNotContain("nobody");
        using var again = await browser.SubmitAsync(unknown, "pat", AuthSite.Phrase);
        again.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Theory]
    [InlineData("chen")]
    [InlineData("nobody-at-all")]
    public async Task SignIn_FiveFailures_LockTheNameForAWhile(string name)
    {
        using var browser = site.Browser();
        using var page = await browser.AuthorizeAsync(browser.Request());
        for (var i = 0; i < 5; i++)
            (await browser.SubmitAsync(page, name, $"wrong {i}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        using var locked = await browser.SubmitAsync(page, name, AuthSite.Phrase);

        locked.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        locked.Headers.RetryAfter.ShouldNotBeNull();
        (await browser.SubmitAsync(page, "amara", AuthSite.Phrase)).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        site.Time.Advance(TimeSpan.FromMinutes(6));
        (await browser.SubmitAsync(page, name, AuthSite.Phrase)).StatusCode.ShouldBe(name == "chen" ? HttpStatusCode.SeeOther : HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("form_token", "")]
    [InlineData("form_token", "forged")]
    [InlineData("request", "")]
    [InlineData("request", "Zm9yZ2Vk")]
    [InlineData("request", "%%%")]
    public async Task SignIn_FormThatIsNotFromHere_IsRefused(string field, string value)
    {
        using var browser = site.Browser();
        using var page = await browser.AuthorizeAsync(browser.Request());

        using var answer = await browser.SubmitAsync(page, "diego", AuthSite.Phrase, fields => fields[field] = value);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Headers.Location.ShouldBeNull();
    }

    [Fact]
    public async Task SignIn_FormOfAnotherBrowser_IsRefused()
    {
        using var browser = site.Browser();
        using var other = site.Browser();
        using var page = await browser.AuthorizeAsync(browser.Request());
        using var noCookies = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = site.Address };
        var document = await new HtmlParser().ParseDocumentAsync(await page.Content.ReadAsStringAsync(Ct));
        var fields = document.QuerySelectorAll("input[type=hidden]").ToDictionary(i => i.GetAttribute("name")!, i => i.GetAttribute("value")!);
        (fields["username"], fields["password"]) = ("diego", AuthSite.Phrase);

        using var answer = await noCookies.PostAsync("/sign-in", new FormUrlEncodedContent(fields), Ct);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task SignIn_PageLeftOpen_AsksToStartAgain()
    {
        using var browser = site.Browser();
        using var page = await browser.AuthorizeAsync(browser.Request());
        site.Time.Advance(TimeSpan.FromMinutes(16));

        (await browser.SubmitAsync(page, "diego", AuthSite.Phrase)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }
}
