using HmsMesh.Kit.Tests;

namespace HmsMesh.Services.Tests.Auth;

/// <summary>Tokens for services in exchange for those of another issuer.</summary>
public sealed class ForeignTokenTests : IAsyncLifetime
{
    private const string Name = "diego.demo@example.org";

    private TestIssuer _one = null!;
    private TestIssuer _other = null!;
    private TestIssuer _stranger = null!;
    private AuthSite _site = null!;

    public async ValueTask InitializeAsync()
    {
        (_one, _other, _stranger) = (await TestIssuer.StartAsync(), await TestIssuer.StartAsync(), await TestIssuer.StartAsync());
        _site = new AuthSite { Trusts = $"{_one.Address}, {_other.Address}" };
        await _site.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        await _one.DisposeAsync();
        await _other.DisposeAsync();
        await _stranger.DisposeAsync();
    }

    [Fact]
    public async Task Exchange_OfATrustedIssuer_GivesAnIdOfOursThatStays()
    {
        using var browser = _site.Browser();

        var (_, answer) = await browser.ExchangeAsync(_one.Mint("gateway", "claims.read something.else", Name));

        var token = answer.Said();
        (token.Text("iss"), token.Text("aud"), token.Text("scope")).ShouldBe((_site.Address.ToString().TrimEnd('/'), "claims", "claims.read"));
        var id = token.Text("sub");
        id.ShouldMatch("^cit-[a-z2-9]{16}$");
        (await browser.ExchangeAsync(_one.Mint("gateway", "payee.write", Name), "payments")).Answer.Said().Text("sub").ShouldBe(id);
        (await browser.ExchangeAsync(_one.Mint("gateway", "claims.read", "someone"))).Answer.Said().Text("sub").ShouldNotBe(id);
        (await browser.ExchangeAsync(_other.Mint("gateway", "claims.read", Name))).Answer.Said().Text("sub").ShouldNotBe(id);
        _site.Lines.ShouldAllBe(line => !line.Contains(Name));
    }

    [Fact]
    public async Task Exchange_OfAnotherIssuerOrForAnotherAudience_IsRefused()
    {
        using var browser = _site.Browser();

        foreach (var token in (string[])
            [
                _stranger.Mint("gateway", "claims.read", Name),
                _one.Mint("claims", "claims.read", Name),
                _one.Mint("gateway", "claims.read", Name, change: d => d.Issuer = _other.Address),
                _one.Mint("gateway", "claims.read", Name, change: d => d.SigningCredentials = TestIssuer.Credentials(TestIssuer.NewRsa())),
                _one.Mint("gateway", "claims.read", Name, change: d => d.TokenType = "JWT"),
                _one.Mint("gateway", "claims.read", Name, change: d => (d.NotBefore, d.Expires) = (d.NotBefore - TimeSpan.FromHours(1), d.NotBefore - TimeSpan.FromMinutes(30))),
            ])
            (await browser.ExchangeAsync(token)).Answer.Text("error").ShouldBe("invalid_request");
    }

    [Fact]
    public async Task Exchange_WhileTheIssuerIsAway_IsToBeTriedAgain()
    {
        using var browser = _site.Browser();
        var token = _one.Mint("gateway", "claims.read", Name);
        _one.IsAway = true;

        (await browser.ExchangeAsync(token)).Answer.Text("error").ShouldBe("temporarily_unavailable");

        _one.IsAway = false;
        await Eventually.BeAsync(async () => (await browser.ExchangeAsync(token)).Answer.TryGetProperty("access_token", out _), "the issuer is asked again");
    }
}
