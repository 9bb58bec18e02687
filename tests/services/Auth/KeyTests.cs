using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Dapper;
using HmsMesh.Kit;
using HmsMesh.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace HmsMesh.Services.Tests.Auth;

/// <summary>The issuer's keys: published, rotated, sealed, and trusted by services.</summary>
public sealed class KeyTests : IAsyncLifetime
{
    private readonly AuthSite _site = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _site.InitializeAsync();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Discovery_Documents_NameWhatIsThere()
    {
        var document = await GetAsync("/.well-known/openid-configuration");

        var address = _site.Address.ToString().TrimEnd('/');
        document.Text("issuer").ShouldBe(address);
        document.Text("jwks_uri").ShouldBe(address + "/jwks");
        (await GetAsync("/.well-known/oauth-authorization-server")).GetRawText().ShouldBe(document.GetRawText());
        var key = (await GetAsync("/jwks")).GetProperty("keys").EnumerateArray().ShouldHaveSingleItem();
        key.EnumerateObject().Select(p => p.Name).ShouldBe(["kty", "use", "alg", "kid", "n", "e"]);
    }

    [Fact]
    public async Task Keys_WeeksPass_AreFollowedByOthersThatWereKnownBefore()
    {
        using var browser = _site.Browser();
        var first = (await KeysAsync()).Single();
        _site.Time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromHours(1));

        var ahead = await KeysAsync();
        ahead.Count.ShouldBe(2);
        Jwt.Read((await browser.TokensAsync()).Text("access_token")).Kid.ShouldBe(first);

        _site.Time.Advance(TimeSpan.FromHours(1) + TimeSpan.FromMinutes(2));
        var tokens = await browser.TokensAsync();
        Jwt.Read(tokens.Text("access_token")).Kid.ShouldBe(ahead[1]);
        (await KeysAsync()).ShouldBe(ahead);

        _site.Time.Advance(TimeSpan.FromHours(3));
        (await KeysAsync()).ShouldBe([ahead[1]]);
    }

    [Fact]
    public async Task Service_OfTheKit_TrustsThisIssuerWithItsNewKeyToo()
    {
        using var browser = _site.Browser();
        await using var mesh = await InProcessMesh.StartAsync(
            mesh => mesh.Setting("Auth:Issuer", _site.Address.ToString().TrimEnd('/')).Service("claims", service =>
            {
                service.Services.Add(new Microsoft.Extensions.DependencyInjection.ServiceDescriptor(typeof(TimeProvider), _site.Time));
                service.TrustsTokens();
                service.Routes(app => app.MapGet("/me", (HttpContext http) => http.Caller().Subject).Needs("claims.read"));
            }),
            Ct);

        async Task<HttpStatusCode> CallAsync(string audience)
        {
            using var client = mesh.Client("claims");
            var citizen = await browser.TokensAsync();
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                "Bearer", audience == "gateway" ? citizen.Text("access_token") : (await browser.ExchangeAsync(citizen.Text("access_token"), audience)).Answer.Text("access_token"));
            return (await client.GetAsync("/me", Ct)).StatusCode;
        }

        (await CallAsync("claims")).ShouldBe(HttpStatusCode.OK);
        (await CallAsync("payments")).ShouldBe(HttpStatusCode.Unauthorized);
        (await CallAsync("gateway")).ShouldBe(HttpStatusCode.Unauthorized);
        _site.Time.Advance(TimeSpan.FromDays(20));
        (await CallAsync("claims")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Restart_KeysAndAccounts_StayTheSame()
    {
        using var browser = _site.Browser();
        var subject = (await browser.TokensAsync()).Said().Text("sub");
        var keys = await KeysAsync();

        await _site.Mesh.StopAsync("auth", Ct);
        await _site.Mesh.StartAsync("auth", Ct);

        using var again = _site.Browser();
        (await KeysAsync()).ShouldBe(keys);
        (await again.TokensAsync()).Said().Text("sub").ShouldBe(subject);
    }

    [Fact]
    public async Task Log_AllThatHappened_HoldsNoTokenAndNoName()
    {
        using var browser = _site.Browser();
        var code = (await browser.SignInAsync("diego"))["code"];
        var (_, tokens) = await browser.RedeemAsync(code);
        await browser.RedeemAsync(code);
        await browser.ExchangeAsync(AuthSite.ApiKey, "claims", "urn:hms:token-type:api-key");
        using var page = await browser.AuthorizeAsync(browser.Request());
        await browser.SubmitAsync(page, "amara", "a-wrong-password");

        var log = string.Join('\n', _site.Lines.Where(l => !l.Contains("Executing", StringComparison.Ordinal)));

        foreach (var secret in new[]
        {
            code, tokens.Text("access_token"), tokens.Text("refresh_token"), tokens.Text("id_token"), tokens.Said().Text("sub"), AuthSite.ApiKey, AuthSite.Phrase,
            AuthSite.GatewaySecret, "a-wrong-password", "diego", "amara",
        })
        {
            log.ShouldNotContain(secret, Case.Insensitive);
        }

        log.ShouldContain("somebody signed in at gateway");
    }

    private async Task<List<string>> KeysAsync() => [.. (await GetAsync("/jwks")).GetProperty("keys").EnumerateArray().Select(k => k.Text("kid"))];

    private async Task<JsonElement> GetAsync(string path)
    {
        using var browser = _site.Browser();
        using var answer = await browser.GetAsync(path);
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync(Ct));
    }
}
