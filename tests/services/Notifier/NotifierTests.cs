using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace HmsMesh.Services.Tests.Notifier;

/// <summary>The notifier in Node: mails once, shows them to whom they were sent, and checks contracts and tokens.</summary>
[Trait("Category", "Slow")]
public class NotifierTests : IClassFixture<NotifierProcess>
{
    private readonly NotifierProcess _notifier;
    private readonly string _citizen = $"cit-{Guid.NewGuid():N}";

    public NotifierTests(NotifierProcess notifier)
    {
        Assert.SkipWhen(notifier.Missing is not null, notifier.Missing ?? "");
        _notifier = notifier;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Denial_Arriving_IsMailedAndShownInBothLanguages()
    {
        var answer = await _notifier.DeliverAsync("claim.denied", NewId(), Denied("claim-1"), Ct);
        answer.ShouldContain("SUCCESS");

        var messages = await MessagesAsync(_citizen);

        _notifier.Mails(_citizen).ShouldBe(1);
        messages.GetArrayLength().ShouldBe(1);
        messages[0].GetProperty("kind").GetString().ShouldBe("claim-denied");
        messages[0].GetProperty("claimId").GetString().ShouldBe("claim-1");
        messages[0].GetProperty("text").GetProperty("en").GetString()!.ShouldContain("fewer than 20 weeks");
        messages[0].GetProperty("text").GetProperty("es").GetString()!.ShouldContain("20 semanas");
        (await MessagesAsync("cit-somebodyelse")).GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Events_DoubledAndAllAtOnce_AreMailedOnceEach()
    {
        var ids = Enumerable.Range(0, 30).Select(_ => NewId()).ToList();

        // Payments come before and after their approvals, and beside them.
        await Task.WhenAll(ids.Concat(ids).SelectMany((id, i) =>
        {
            Task<string>[] both = [.. i % 2 == 0 ? new[] { PayAsync(id), ApproveAsync(id) } : [ApproveAsync(id), PayAsync(id)]];
            return both;
        }));
        foreach (var id in ids)
            (await PayAsync(id)).ShouldContain("SUCCESS");

        _notifier.Mails(_citizen).ShouldBe(ids.Count);
        var messages = await MessagesAsync(_citizen);
        messages.EnumerateArray().Select(m => m.GetProperty("claimId").GetString()!).Order().ShouldBe(ids.Order());
        messages[0].GetProperty("text").GetProperty("en").GetString()!.ShouldContain("600.00 dollars");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Payment_ThatIsNotWhatWasApproved_IsMailedToNobody(bool isEarly)
    {
        var claim = NewId();
        var other = $"cit-{Guid.NewGuid():N}";
        if (!isEarly)
            (await ApproveAsync(claim)).ShouldContain("SUCCESS");
        (await PayAsync(claim, 600.01m)).ShouldContain("SUCCESS");
        (await PayAsync(claim, 600, other)).ShouldContain("SUCCESS");
        (await PayAsync(NewId())).ShouldContain("SUCCESS");
        (await MessagesAsync(_citizen)).GetArrayLength().ShouldBe(0);
        (await PayAsync(claim)).ShouldContain("SUCCESS");
        if (isEarly)
            (await ApproveAsync(claim)).ShouldContain("SUCCESS");

        var message = (await MessagesAsync(_citizen)).EnumerateArray().ShouldHaveSingleItem();
        message.GetProperty("text").GetProperty("en").GetString()!.ShouldContain("600.00 dollars");
        (await MessagesAsync(other)).GetArrayLength().ShouldBe(0);
        _notifier.Lines.Count(l => l.Contains($"claim {claim} was not approved so", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task Payment_WithoutACitizen_IsMailedToNobody() =>
        (await _notifier.DeliverAsync("payment.sent", NewId(), new { claimId = "claim-1", amount = 600.00m }, Ct)).ShouldContain("SUCCESS");

    [Fact]
    public async Task Event_ThatBreaksItsContract_IsDropped()
    {
        (await _notifier.DeliverAsync("claim.denied", NewId(), new { claimId = "claim-1" }, Ct)).ShouldContain("DROP");

        _notifier.Mails(_citizen).ShouldBe(0);
    }

    [Fact]
    public async Task Messages_WithATokenThatIsNotGood_AreRefused()
    {
        var good = _notifier.Issuer.Mint("notifier", "messages.read", _citizen);
        string?[] bad =
        [
            null,
            "nonsense",
            _notifier.Issuer.Mint("claims", "messages.read", _citizen),
            _notifier.Issuer.Mint("notifier", "messages.read", _citizen, change: d => d.Issuer = "http://127.0.0.1:1"),
            _notifier.Issuer.Mint("notifier", "messages.read", _citizen, change: d => d.TokenType = "JWT"),
            _notifier.Issuer.Mint("notifier", "messages.read", _citizen, change: d => (d.IssuedAt, d.NotBefore, d.Expires) = (At(-20), At(-20), At(-10))),
            _notifier.Issuer.Mint("notifier", "messages.read", _citizen, change: d => d.SigningCredentials = Kit.Tests.TestIssuer.Credentials(Kit.Tests.TestIssuer.NewRsa(_notifier.Issuer.Key.KeyId))),
            $"{Base64UrlEncoder.Encode("{\"alg\":\"none\",\"typ\":\"at+jwt\"}")}.{good.Split('.')[1]}.",
        ];

        foreach (var token in bad)
        {
            using var answer = await _notifier.MessagesAsync(token, Ct);
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            answer.Headers.WwwAuthenticate.ShouldNotBeEmpty();
        }

        using var scope = await _notifier.MessagesAsync(_notifier.Issuer.Mint("notifier", "claims.read", _citizen), Ct);
        scope.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await MessagesAsync(_citizen)).GetArrayLength().ShouldBe(0);
    }

    private static string NewId() => Guid.NewGuid().ToString();

    private static DateTime At(int minutes) => TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(minutes);

    private Task<string> ApproveAsync(string claimId) =>
        _notifier.DeliverAsync("claim.approved", $"approval-{claimId}", new { claimId, citizen = _citizen, amount = 600.00m }, Ct);

    // The usual payment of a claim is one event, however often it is delivered.
    private Task<string> PayAsync(string claimId, decimal amount = 600.00m, string? citizen = null) => _notifier.DeliverAsync(
        "payment.sent", amount == 600.00m && citizen is null ? claimId : NewId(), new { claimId, amount, citizen = citizen ?? _citizen }, Ct);

    private object Denied(string claimId) => new
    {
        claimId,
        citizen = _citizen,
        rule = "base-period",
        explanation = new { en = "You worked fewer than 20 weeks.", es = "Usted trabajó menos de 20 semanas." },
    };

    private async Task<JsonElement> MessagesAsync(string citizen)
    {
        using var answer = await _notifier.MessagesAsync(_notifier.Issuer.Mint("notifier", "messages.read", citizen), Ct);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
    }
}
