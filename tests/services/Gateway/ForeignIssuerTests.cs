using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace HmsMesh.Services.Tests.Gateway;

/// <summary>Citizens sign in at an issuer that knows nothing of the mesh; another one gives tokens for its services in exchange.</summary>
public sealed class ForeignIssuerTests : IAsyncLifetime
{
    // What an issuer calls someone may be anything.
    private const string Name = "diego.demo@example.org";

    private GateIssuer _foreign = null!;
    private Door _door = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _foreign = await GateIssuer.StartAsync("a-secret-of-the-other-issuer", Name);
        _door = new Door { SignInAt = _foreign };
        await _door.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        await _foreign.DisposeAsync();
    }

    [Fact]
    public async Task Token_OfEither_ReachesTheServiceUnderAnIdOfTheExchange()
    {
        using var stranger = _door.Client(_foreign.Mint("gateway", "claims.write claims.read", Name));
        using var ours = _door.Citizen("cit-amara001");

        using var filed = await stranger.SendAsync(Door.Claim("Acme"), Ct);

        filed.StatusCode.ShouldBe(HttpStatusCode.Created, await filed.Content.ReadAsStringAsync(Ct));
        (await filed.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("citizen").GetString().ShouldBe(GateIssuer.ForeignSubject);
        (await ours.GetFromJsonAsync<JsonElement>("/api/claims", Ct)).GetProperty("who").GetString().ShouldBe("cit-amara001");
        (_foreign.Exchanges, _door.Issuer.Exchanges).ShouldBe((0, 2));
    }

    [Fact]
    public async Task Name_ThatBothGive_IsOfTwoPeople()
    {
        using var stranger = _door.Client(_foreign.Mint("gateway", "claims.write claims.read", "cit-diego001"));
        using var ours = _door.Citizen("cit-diego001");

        using var first = await ours.SendAsync(Door.Claim("Acme", "key-1"), Ct);
        using var second = await stranger.SendAsync(Door.Claim("Acme", "key-1"), Ct);

        (await first.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("citizen").GetString().ShouldBe("cit-diego001");
        (await second.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("citizen").GetString().ShouldBe(GateIssuer.ForeignSubject);
        _door.Filed.ShouldBe(2);
    }

    [Fact]
    public async Task SignIn_AtTheOther_GivesASessionThatWorks()
    {
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = _door.Mesh.Address("gateway") };

        using var end = await browser.GetAsync("/sign-in?return=/claims", Ct);

        end.RequestMessage!.RequestUri!.PathAndQuery.ShouldBe("/claims");
        var session = await browser.GetFromJsonAsync<JsonElement>("/api/session", Ct);
        session.GetProperty("signedIn").GetBoolean().ShouldBeTrue();
        session.GetRawText().ShouldNotContain(Name);
        (await browser.GetFromJsonAsync<JsonElement>("/api/claims", Ct)).GetProperty("who").GetString().ShouldBe(GateIssuer.ForeignSubject);
    }

    [Theory]
    [InlineData("claims")]
    [InlineData("someone-else")]
    public async Task Token_MeantForAnother_IsRefused(string audience)
    {
        using var client = _door.Client(_foreign.Mint(audience, "claims.read", Name));
        using var refused = await client.GetAsync("/api/claims", Ct);

        await Door.ProblemAsync(refused, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Token_InTheOthersNameByAKeyOfOurs_IsRefused()
    {
        using var client = _door.Client(_door.Issuer.Mint("gateway", "claims.read", Name, (SecurityTokenDescriptor d) => d.Issuer = _foreign.Address));
        using var refused = await client.GetAsync("/api/claims", Ct);

        await Door.ProblemAsync(refused, HttpStatusCode.Unauthorized);
    }
}
