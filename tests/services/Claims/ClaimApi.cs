using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace HmsMesh.Services.Tests.Claims;

/// <summary>Claims as the gateway calls it for a citizen.</summary>
public abstract class ClaimApi(ClaimsMesh claims)
{
    private readonly string _citizen = NewCitizen();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task File_OfAClaimThatMeetsTheRules_IsApprovedAndSaid()
    {
        var claim = await claims.FileAsync(_citizen);

        claim.GetProperty("status").GetString().ShouldBe("approved");
        claim.GetProperty("amount").GetRawText().ShouldBe("600.00");
        claim.GetProperty("rule").GetString().ShouldBe("eligible");
        claim.GetProperty("veteran").GetBoolean().ShouldBeTrue();
        claim.GetProperty("explanation").GetProperty("es").GetString()!.ShouldContain("600");
        Names(claim).ShouldBe(["submitted", "approved"]);
        claim.GetProperty("steps")[0].GetProperty("ms").GetInt64().ShouldBe(0);
        var id = claim.GetProperty("claimId").GetString()!;
        var approved = await SaidAsync("claim.approved", id);
        approved.Data.GetRawText().ShouldBe($$"""{"claimId":"{{id}}","citizen":"{{_citizen}}","amount":600.00,"veteran":true}""");
        approved.Subject.ShouldBe(id);
        await SaidAsync("claim.approved.v2", id);
        var said = claims.Mesh.Sayings.Where(s => s.Subject == id).ToList();
        said.Select(s => s.Topic).ShouldBe(["claim.submitted", "claim.approved", "claim.approved.v2"]);
        string.CompareOrdinal(said[0].Sequence, said[1].Sequence).ShouldBeLessThan(0);
        said.ShouldAllBe(s => !s.Data.GetRawText().Contains("Acme"));
    }

    [Fact]
    public async Task File_OfAClaimThatBreaksARule_IsDeniedWithTheRuleAndSaid()
    {
        var claim = await claims.FileAsync(_citizen, f => f["weeksWorked"] = 3);

        claim.GetProperty("status").GetString().ShouldBe("denied");
        claim.GetProperty("rule").GetString().ShouldBe("base-period");
        claim.TryGetProperty("amount", out _).ShouldBeFalse();
        Names(claim).ShouldBe(["submitted", "denied"]);
        var denied = await SaidAsync("claim.denied", claim.GetProperty("claimId").GetString()!);
        denied.Data.GetProperty("rule").GetString().ShouldBe("base-period");
        denied.Data.GetProperty("explanation").GetProperty("en").GetString()!.ShouldContain("20 weeks");
    }

    [Fact]
    public async Task File_WithADocument_ShowsItToItsCitizen()
    {
        var address = $"/api/documents/{Guid.NewGuid():N}";
        var filed = await claims.FileAsync(_citizen, f => f["document"] = address);
        using var elsewhere = await claims.SendAsync(HttpMethod.Post, "/claims", _citizen, ClaimsMesh.Form(f => f["document"] = "https://elsewhere.example/letter.pdf"));

        filed.GetProperty("document").GetString().ShouldBe(address);
        (await claims.GetAsync(_citizen, "/claims"))[0].GetProperty("document").GetString().ShouldBe(address);
        elsewhere.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await elsewhere.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("errors").TryGetProperty("document", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task File_WithAKeyTwice_IsOneClaimAndOneAnswer()
    {
        var key = Guid.NewGuid().ToString();
        var form = ClaimsMesh.Form();
        using var first = await claims.SendAsync(HttpMethod.Post, "/claims", _citizen, form.DeepClone(), key);
        var answer = await first.Content.ReadAsStringAsync(Ct);
        var id = JsonDocument.Parse(answer).RootElement.GetProperty("claimId").GetString()!;
        await DeliverAsync("payment.sent", id, 600.00m);

        using var second = await claims.SendAsync(HttpMethod.Post, "/claims", _citizen, form.DeepClone(), key);

        second.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await second.Content.ReadAsStringAsync(Ct)).ShouldBe(answer);
        using var other = await claims.SendAsync(HttpMethod.Post, "/claims", _citizen, ClaimsMesh.Form(f => f["weeksWorked"] = 30), key);
        other.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await claims.GetAsync(_citizen, "/claims")).GetArrayLength().ShouldBe(1);
        var stranger = await claims.FileAsync(NewCitizen(), key: key);
        stranger.GetProperty("claimId").GetString().ShouldNotBe(id);
    }

    [Fact]
    public async Task File_ManyAtOnceUnderOneKey_IsOneClaim()
    {
        var key = Guid.NewGuid().ToString();
        var form = ClaimsMesh.Form();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => claims.SendAsync(HttpMethod.Post, "/claims", _citizen, form.DeepClone(), key)));

        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.Created);
        (await Task.WhenAll(answers.Select(a => a.Content.ReadAsStringAsync(Ct)))).Distinct().Count().ShouldBe(1);
        (await claims.GetAsync(_citizen, "/claims")).GetArrayLength().ShouldBe(1);
        foreach (var answer in answers)
            answer.Dispose();
    }

    [Theory]
    [InlineData(null, "Tell us how many weeks")]
    [InlineData("es-US,es;q=0.9,en;q=0.5", "Díganos cuántas semanas")]
    [InlineData("en,es;q=0.5", "Tell us how many weeks")]
    public async Task File_OfAFormWithFaults_NamesThemByFieldInTheCitizensWords(string? language, string words)
    {
        var form = ClaimsMesh.Form(f => f["weeksWorked"] = 9999);
        form.Remove("employer");

        using var answer = await claims.SendAsync(HttpMethod.Post, "/claims", _citizen, form, language: language);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var errors = (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("errors");
        errors.EnumerateObject().Select(e => e.Name).Order().ShouldBe(["employer", "weeksWorked"]);
        errors.GetProperty("weeksWorked")[0].GetString()!.ShouldStartWith(words);
        (await claims.GetAsync(_citizen, "/claims")).GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("{\"employer\"")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{\"veteran\":true,\"veteran\":false}")]
    public async Task File_OfWhatIsNoForm_IsABadRequest(string body)
    {
        using var client = claims.Mesh.Client("claims");
        client.DefaultRequestHeaders.Authorization = new("Bearer", claims.Issuer.Mint("claims", "claims.write", _citizen));
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        using var answer = await client.PostAsync("/claims", content, Ct);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task File_WithAKeyThatIsTooLong_IsABadRequest()
    {
        using var answer = await claims.SendAsync(HttpMethod.Post, "/claims", _citizen, ClaimsMesh.Form(), new string('k', 201));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Find_OfAnothersClaim_IsNotThere()
    {
        var id = (await claims.FileAsync(_citizen)).GetProperty("claimId").GetString();
        (await claims.GetAsync(_citizen, $"/claims/{id}")).GetProperty("claimId").GetString().ShouldBe(id);

        using var answer = await claims.SendAsync(HttpMethod.Get, $"/claims/{id}", NewCitizen());
        using var none = await claims.SendAsync(HttpMethod.Get, "/claims/none", _citizen);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        none.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("detail").GetString()
            .ShouldBe((await none.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Call_WithoutAToken_OrWithoutTheScope_IsRefused()
    {
        using var client = claims.Mesh.Client("claims");
        using var none = await client.GetAsync("/claims", Ct);
        using var reader = await claims.SendAsync(HttpMethod.Post, "/claims", _citizen, ClaimsMesh.Form(), scopes: "claims.read");

        none.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        reader.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Payment_ThatComesBack_IsAStepAfterPaid()
    {
        var id = (await claims.FileAsync(_citizen)).GetProperty("claimId").GetString()!;

        await DeliverAsync("payment.sent", id, 600.00m);
        var paid = await claims.GetAsync(_citizen, $"/claims/{id}");
        await DeliverAsync("payment.failed", id, 600.00m);
        var returned = await claims.GetAsync(_citizen, $"/claims/{id}");

        paid.GetProperty("status").GetString().ShouldBe("paid");
        Names(paid).ShouldBe(["submitted", "approved", "paid"]);
        returned.GetProperty("status").GetString().ShouldBe("payment-failed");
        Names(returned).ShouldBe(["submitted", "approved", "paid", "payment-failed"]);
        (await claims.GetAsync(_citizen, "/claims"))[0].GetRawText().ShouldBe(returned.GetRawText());
    }

    [Fact]
    public async Task Explanation_OfAnApprovedClaim_IsThatOfItsPresentState()
    {
        var id = (await claims.FileAsync(_citizen)).GetProperty("claimId").GetString()!;
        var first = 9_000_000_000_000_000;

        await ShouldExplainAsync("on their way", "Le enviaremos 600");
        await DeliverAsync(Event("payment.failed", id, 600.00m, first + 1));
        await ShouldExplainAsync("could not pay the 600 dollars", "No pudimos pagar los 600");
        await DeliverAsync(Event("payment.sent", id, 600.00m, first));
        await ShouldExplainAsync("sent the 600 dollars back", "nos devolvió los 600");
        await DeliverAsync(Event("payment.sent", id, 600.00m, first + 2));
        await ShouldExplainAsync("We sent 600 dollars", "Enviamos 600");

        async Task ShouldExplainAsync(string english, string spanish)
        {
            var explanation = (await claims.GetAsync(_citizen, $"/claims/{id}")).GetProperty("explanation");
            explanation.GetProperty("en").GetString()!.ShouldContain(english);
            explanation.GetProperty("es").GetString()!.ShouldContain(spanish);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Payments_ShuffledAndDoubled_EndAtTheLatest(int seed)
    {
        var random = new Random(seed);
        var id = (await claims.FileAsync(_citizen)).GetProperty("claimId").GetString()!;
        var first = 9_000_000_000_000_000;
        var events = Enumerable.Range(0, 5).Select(i => Event(i % 2 == 0 ? "payment.sent" : "payment.failed", id, 600.00m, first + i)).ToList();

        foreach (var one in events.Concat(events.Where(_ => random.Next(2) == 0)).OrderBy(_ => random.Next()))
            await DeliverAsync(one);

        var claim = await claims.GetAsync(_citizen, $"/claims/{id}");
        claim.GetProperty("status").GetString().ShouldBe("paid");
        Names(claim).ShouldBe(["submitted", "approved", "payment-failed", "paid"]);
    }

    [Theory]
    [InlineData(600.01)]
    [InlineData(0.001)]
    public async Task Payment_OfAnotherAmount_ChangesNothing(double amount)
    {
        var id = (await claims.FileAsync(_citizen)).GetProperty("claimId").GetString()!;

        await DeliverAsync("payment.sent", id, (decimal)amount);

        (await claims.GetAsync(_citizen, $"/claims/{id}")).GetProperty("status").GetString().ShouldBe("approved");
    }

    [Fact]
    public async Task Payment_OfADeniedClaim_ChangesNothing()
    {
        var id = (await claims.FileAsync(_citizen, f => f["reason"] = "quit")).GetProperty("claimId").GetString()!;

        await DeliverAsync("payment.sent", id, 600.00m);

        (await claims.GetAsync(_citizen, $"/claims/{id}")).GetProperty("status").GetString().ShouldBe("denied");
    }

    [Fact]
    public async Task Payment_OfAClaimThatNobodyKnows_IsTaken() =>
        await DeliverAsync("payment.failed", Guid.NewGuid().ToString(), 600.00m);

    [Fact]
    public async Task Payment_WithoutASequence_IsNeverStale()
    {
        var id = (await claims.FileAsync(_citizen)).GetProperty("claimId").GetString()!;
        await DeliverAsync("payment.failed", id, 600.00m);

        await DeliverAsync(Event("payment.sent", id, 600.00m, sequence: null));

        (await claims.GetAsync(_citizen, $"/claims/{id}")).GetProperty("status").GetString().ShouldBe("paid");
    }

    private static string NewCitizen() => $"cit-{Guid.NewGuid():N}";

    private static IEnumerable<string> Names(JsonElement claim) => claim.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("name").GetString()!);

    private HmsMesh.Contracts.CloudEvent Event(string topic, string claimId, decimal amount, long? sequence)
    {
        object data = topic == "payment.sent" ? new { claimId, amount } : new { claimId, amount, reason = "returned", code = "R01" };
        return claims.Mesh.Event(topic, data) with { Sequence = sequence is { } number ? HmsMesh.Contracts.Sequence.Format(number) : null };
    }

    private Task DeliverAsync(string topic, string claimId, decimal amount) =>
        DeliverAsync(Event(topic, claimId, amount, HmsMesh.Contracts.Sequence.Micros(TimeProvider.System.GetUtcNow())));

    private async Task DeliverAsync(HmsMesh.Contracts.CloudEvent cloudEvent)
    {
        using var answer = await claims.Mesh.DeliverAsync("claims", cloudEvent, Ct);
        answer.IsSuccessStatusCode.ShouldBeTrue();
        (await answer.Content.ReadAsStringAsync(Ct)).ShouldContain("SUCCESS");
    }

    private async Task<HmsMesh.Contracts.CloudEvent> SaidAsync(string topic, string subject)
    {
        using var limit = new CancellationTokenSource(ClaimsMesh.Soon);
        while (true)
        {
            if (claims.Mesh.Sayings.FirstOrDefault(s => s.Topic == topic && s.Subject == subject) is { } said)
                return said;
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit.Token);
        }
    }
}
