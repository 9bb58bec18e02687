using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace HmsMesh.Kit.Tests;

public class CallerTests
{
    private readonly ManualTime _time = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_GoodToken_TellsTheCaller(bool elliptic)
    {
        await using var issuer = await TestIssuer.StartAsync(_time);
        issuer.Rotate(elliptic);
        await using var service = await StartAsync(issuer.Address);

        var (status, answer, _) = await CallAsync(service, issuer.Mint("sample", "claims.read claims.write", "cit-7f3k2m9q", ["citizen", "veteran"]));

        status.ShouldBe(HttpStatusCode.OK);
        answer.GetProperty("subject").GetString().ShouldBe("cit-7f3k2m9q");
        answer.GetProperty("client").GetString().ShouldBe("gateway");
        answer.GetProperty("scopes").EnumerateArray().Select(s => s.GetString()).ShouldBe(["claims.read", "claims.write"], ignoreOrder: true);
        answer.GetProperty("roles").EnumerateArray().Select(s => s.GetString()).ShouldBe(["citizen", "veteran"], ignoreOrder: true);
    }

    [Fact]
    public async Task Call_NoToken_IsAskedForOne()
    {
        await using var issuer = await TestIssuer.StartAsync(_time);
        await using var service = await StartAsync(issuer.Address);

        var (status, answer, challenge) = await CallAsync(service, null);

        status.ShouldBe(HttpStatusCode.Unauthorized);
        answer.GetProperty("status").GetInt32().ShouldBe(401);
        challenge.ShouldBe("Bearer realm=\"sample\"");
        issuer.Fetches.ShouldBe(0);
    }

    public static TheoryData<string, string> BadTokens => new()
    {
        { "expired", "it has expired" },
        { "endless", "it has expired" },
        { "early", "it is not valid yet" },
        { "audience", "it is meant for another audience" },
        { "issuer", "its issuer is not one that this service trusts" },
        { "none", "its algorithm is neither RS256 nor ES256" },
        { "hs256", "its algorithm is neither RS256 nor ES256" },
        { "hs256 said to be rs256", "its signature is wrong" },
        { "unknown kid", "it is signed by a key that its issuer does not have" },
        { "no kid", "it is signed by a key that its issuer does not have" },
        { "forged", "its signature is wrong" },
        { "changed", "its signature is wrong" },
        { "id token", "it is no access token" },
        { "no subject", "it names no subject" },
        { "words", "it is no JSON Web Token" },
        { "long", "it is no JSON Web Token" },
    };

    [Theory]
    [MemberData(nameof(BadTokens))]
    public async Task Call_BadToken_IsRefusedAndNotRepeated(string kind, string fault)
    {
        await using var issuer = await TestIssuer.StartAsync(_time);
        await using var service = await StartAsync(issuer.Address);
        var token = Bad(kind, issuer);

        var (status, answer, challenge) = await CallAsync(service, token);

        status.ShouldBe(HttpStatusCode.Unauthorized);
        answer.GetProperty("detail").GetString().ShouldStartWith($"The access token is refused: {fault}");
        challenge.ShouldNotBeNull().ShouldStartWith("Bearer realm=\"sample\", error=\"invalid_token\"");
        answer.GetRawText().ShouldNotContain(token);
    }

    [Fact]
    public async Task Call_MissingScope_IsForbidden()
    {
        await using var issuer = await TestIssuer.StartAsync(_time);
        await using var service = await StartAsync(issuer.Address);

        var (status, answer, challenge) = await CallAsync(service, issuer.Mint("sample", "claims.write"));

        status.ShouldBe(HttpStatusCode.Forbidden);
        answer.GetProperty("detail").GetString().ShouldBe("The access token lacks the scope claims.read.");
        challenge.ShouldBe("Bearer realm=\"sample\", error=\"insufficient_scope\", scope=\"claims.read\", error_description=\"The access token lacks the scope claims.read.\"");
    }

    [Fact]
    public async Task Call_KeyRotated_IsTakenAtOnceAndTheOldOneNoMore()
    {
        await using var issuer = await TestIssuer.StartAsync(_time);
        await using var service = await StartAsync(issuer.Address);
        var old = issuer.Mint("sample", "claims.read");
        (await CallAsync(service, old)).Status.ShouldBe(HttpStatusCode.OK);

        issuer.Rotate(elliptic: true);

        (await CallAsync(service, issuer.Mint("sample", "claims.read"))).Status.ShouldBe(HttpStatusCode.OK);
        (await CallAsync(service, old)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        issuer.Fetches.ShouldBe(2);
    }

    [Fact]
    public async Task Call_ManyUnknownKeys_AreNoFloodOfFetches()
    {
        await using var issuer = await TestIssuer.StartAsync(_time);
        await using var service = await StartAsync(issuer.Address);
        (await CallAsync(service, issuer.Mint("sample", "claims.read"))).Status.ShouldBe(HttpStatusCode.OK);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CallAsync(service, Bad("unknown kid", issuer))));

        issuer.Fetches.ShouldBe(2);
        _time.Advance(TimeSpan.FromSeconds(6));
        issuer.Rotate();
        (await CallAsync(service, issuer.Mint("sample", "claims.read"))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Call_IssuerAway_CannotBeCheckedAndIsLater()
    {
        await using var issuer = await TestIssuer.StartAsync(_time);
        issuer.IsAway = true;
        await using var service = await StartAsync(issuer.Address);

        (await CallAsync(service, issuer.Mint("sample", "claims.read"))).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);

        issuer.IsAway = false;
        _time.Advance(TimeSpan.FromSeconds(2));
        (await CallAsync(service, issuer.Mint("sample", "claims.read"))).Status.ShouldBe(HttpStatusCode.OK);
        issuer.IsAway = true;
        _time.Advance(TimeSpan.FromHours(2));
        (await CallAsync(service, issuer.Mint("sample", "claims.read"))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Call_IssuerWhoseDiscoveryNamesAnother_IsNotBelieved()
    {
        await using var issuer = await TestIssuer.StartAsync(_time);
        issuer.CalledInDiscovery = "https://elsewhere.example";
        await using var service = await StartAsync(issuer.Address);

        (await CallAsync(service, issuer.Mint("sample", "claims.read"))).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Call_SeveralIssuers_AreAllTrustedEachForItself()
    {
        await using var one = await TestIssuer.StartAsync(_time);
        await using var other = await TestIssuer.StartAsync(_time);
        await using var service = await StartAsync($"{one.Address}, {other.Address}");

        (await CallAsync(service, one.Mint("sample", "claims.read"))).Status.ShouldBe(HttpStatusCode.OK);
        (await CallAsync(service, other.Mint("sample", "claims.read"))).Status.ShouldBe(HttpStatusCode.OK);
        (await CallAsync(service, one.Mint("sample", "claims.read", change: d => d.Issuer = other.Address))).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(true, "no issuer of tokens is configured: set Auth__Issuer")]
    [InlineData(false, "trusts nobody's tokens")]
    public async Task Call_NoIssuerConfigured_IsClosedAndSaysWhy(bool trusts, string why)
    {
        await using var issuer = await TestIssuer.StartAsync(_time);
        await using var service = await StartAsync("", trusts);

        var (status, answer, _) = await CallAsync(service, issuer.Mint("sample", "claims.read"));

        status.ShouldBe(HttpStatusCode.Unauthorized);
        answer.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain(why);
    }

    [Theory]
    [InlineData("http://issuer.example", "must be https")]
    [InlineData("issuer", "is no address")]
    public async Task Start_IssuerThatProvesNothing_IsRefused(string issuer, string why) =>
        (await Should.ThrowAsync<MeshConfigurationException>(() => StartAsync(issuer))).Message.ShouldContain(why);

    [Fact]
    public async Task Call_WithoutTheAppToken_IsRefusedWhateverTheTokenSays()
    {
        await using var issuer = await TestIssuer.StartAsync(_time);
        await using var service = await StartAsync(issuer.Address);
        using var http = new HttpClient { BaseAddress = service.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", issuer.Mint("sample", "claims.read"));

        (await http.GetAsync("/me", Ct)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Call_IssuerFailsSlowly_IsNotAskedAgainAtOnce()
    {
        await using var issuer = await TestIssuer.StartAsync(_time);
        var asked = 0;
        issuer.IsAway = true;
        issuer.OnAsked = () =>
        {
            Interlocked.Increment(ref asked);
            _time.Advance(TimeSpan.FromSeconds(5));
        };
        await using var service = await StartAsync(issuer.Address);

        (await CallAsync(service, issuer.Mint("sample", "claims.read"))).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var first = Volatile.Read(ref asked);
        (await CallAsync(service, issuer.Mint("sample", "claims.read"))).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);

        Volatile.Read(ref asked).ShouldBe(first);
    }

    private static string Bad(string kind, TestIssuer issuer)
    {
        string With(Action<SecurityTokenDescriptor> change) => issuer.Mint("sample", "claims.read", change: change);
        switch (kind)
        {
            case "expired":
                return With(d => (d.NotBefore, d.Expires) = (d.NotBefore!.Value.AddMinutes(-10), d.Expires!.Value.AddSeconds(-331)));
            case "endless":
                return With(d => d.Expires = null);
            case "early":
                return With(d => d.NotBefore = d.NotBefore!.Value.AddSeconds(40));
            case "audience":
                return With(d => d.Audience = "payments");
            case "issuer":
                return With(d => d.Issuer = "http://127.0.0.1:1");
            case "none":
                return With(d => d.SigningCredentials = null);
            case "hs256":
                return With(d => d.SigningCredentials = PublicKeyAsSecret(issuer));
            case "hs256 said to be rs256":
                var parts = Bad("hs256", issuer).Split('.');
                var header = Encoding.UTF8.GetString(Base64UrlEncoder.DecodeBytes(parts[0])).Replace("HS256", "RS256", StringComparison.Ordinal);
                return $"{Base64UrlEncoder.Encode(header)}.{parts[1]}.{parts[2]}";
            case "unknown kid":
                return With(d => d.SigningCredentials = TestIssuer.Credentials(TestIssuer.NewRsa()));
            case "no kid":
                return With(d => d.SigningCredentials = TestIssuer.Credentials(TestIssuer.NewRsa("")));
            case "forged":
                return With(d => d.SigningCredentials = TestIssuer.Credentials(TestIssuer.NewRsa(issuer.Key.KeyId)));
            case "changed":
                var good = issuer.Mint("sample", "claims.read").Split('.');
                var payload = Encoding.UTF8.GetString(Base64UrlEncoder.DecodeBytes(good[1])).Replace("cit-0", "cit-1", StringComparison.Ordinal);
                return $"{good[0]}.{Base64UrlEncoder.Encode(payload)}.{good[2]}";
            case "id token":
                return With(d => d.TokenType = "JWT");
            case "no subject":
                return With(d => d.Claims.Remove("sub"));
            case "long":
                return With(d => d.Claims["more"] = new string('a', 9000));
            default:
                return "not.a.token";
        }
    }

    private static SigningCredentials PublicKeyAsSecret(TestIssuer issuer)
    {
        var pem = ((RsaSecurityKey)issuer.Key).Rsa.ExportSubjectPublicKeyInfoPem();
        return new SigningCredentials(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(pem)) { KeyId = issuer.Key.KeyId }, SecurityAlgorithms.HmacSha256);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Answer, string? Challenge)> CallAsync(CalledService service, string? token)
    {
        using var http = new HttpClient { BaseAddress = service.Address };
        http.DefaultRequestHeaders.Add("dapr-api-token", "app-token");
        if (token is not null)
        {
            http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        }

        using var response = await http.GetAsync("/me", Ct);
        if (!response.IsSuccessStatusCode)
        {
            response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        }

        return (response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync(Ct)), response.Headers.WwwAuthenticate.SingleOrDefault()?.ToString());
    }

    private Task<CalledService> StartAsync(string issuer, bool trusts = true) => CalledService.StartAsync(issuer, _time, trusts, Ct);
}
