using System.Net;
using System.Text.Json;

namespace HmsMesh.Services.Tests.Payments;

/// <summary>What the routes refuse, and that they say why.</summary>
public sealed class RouteTests(SharedRig shared) : IClassFixture<SharedRig>
{
    private PaymentsRig Rig => shared.Rig;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("holder", "")]
    [InlineData("holder", "1234567890123456789012345678901234567890123456789012345678901")]
    [InlineData("routing", "021000022")]
    [InlineData("routing", "000000000")]
    [InlineData("routing", "02100002")]
    [InlineData("account", "123")]
    [InlineData("account", "12 34567")]
    [InlineData("account", "123456789012345678")]
    [InlineData("kind", "Checking")]
    public async Task Put_OfABadField_SaysWhichAndRepeatsNothing(string field, string value)
    {
        var body = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["holder"] = PaymentsRig.Holder,
            ["routing"] = "021000021",
            ["account"] = PaymentsRig.Account,
            ["kind"] = "savings",
        };
        body[field] = value;
        using var answer = await Rig.SendAsync(HttpMethod.Put, "/payee", body, "payee.write", PaymentsRig.Citizen);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        JsonElement.Parse(text).GetProperty("errors").EnumerateObject().ShouldHaveSingleItem().Name.ShouldBe(field);
        text.ShouldNotContain(PaymentsRig.Account);
        if (value.Length > 8)
            text.ShouldNotContain(value);
    }

    [Theory]
    [InlineData("/ledger")]
    [InlineData("/ach/today")]
    [InlineData("/breaker")]
    [InlineData("/bank")]
    [InlineData("/payments")]
    [InlineData("/payments/waiting")]
    [InlineData("/decisions")]
    [InlineData("/incidents")]
    [InlineData("/stats")]
    [InlineData("/payee")]
    public async Task Get_WithoutTheScope_IsRefused(string path)
    {
        using var nobody = await Rig.SendAsync(HttpMethod.Get, path, token: null, body: null);
        using var citizen = await Rig.SendAsync(HttpMethod.Get, path, scopes: "claims.read");
        using var elsewhere = await Rig.SendAsync(HttpMethod.Get, path, Rig.Issuer.Mint("claims", "payments.operate payee.write"), body: null);

        nobody.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        citizen.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        elsewhere.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("/ledger?from=-1")]
    [InlineData("/ledger?take=5000")]
    public async Task Get_OfABadPage_IsRefused(string path)
    {
        using var answer = await Rig.SendAsync(HttpMethod.Get, path);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("/payments/waiting?status=lost", "status")]
    [InlineData("/payments/waiting?take=501", "take")]
    [InlineData("/payments?status=lost", "status")]
    [InlineData("/payments?take=0", "take")]
    [InlineData("/incidents?take=201", "take")]
    [InlineData("/decisions?take=-1", "take")]
    public async Task Get_OfWhatIsNoList_SaysWhichFieldIsWrong(string path, string field)
    {
        using var answer = await Rig.SendAsync(HttpMethod.Get, path);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        JsonElement.Parse(await answer.Content.ReadAsStringAsync(Ct)).GetProperty("errors").EnumerateObject().ShouldHaveSingleItem().Name.ShouldBe(field);
    }

    [Fact]
    public async Task Mode_ThroughPayments_ReachesTheBank()
    {
        using var set = await Rig.SendAsync(HttpMethod.Put, "/bank/mode", new { mode = "slow" });
        using var unknown = await Rig.SendAsync(HttpMethod.Put, "/bank/mode", new { mode = "generous" });

        set.StatusCode.ShouldBe(HttpStatusCode.OK);
        unknown.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Rig.GetAsync("/bank")).GetProperty("mode").GetString().ShouldBe("slow");
        await Rig.ModeAsync("ok");
    }
}
