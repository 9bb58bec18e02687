using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HmsMesh.EndToEnd.Tests.Support;

namespace HmsMesh.EndToEnd.Tests.Payout;

/// <summary>From a form to 600 dollars, by the real mesh's one door.</summary>
public abstract class Payouts(PayoutMesh payout)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Claim_ThatMeetsTheRules_IsPaidOnceAndToldToEveryone()
    {
        var before = await payout.GetAsync("ada", "/api/metrics/payouts");
        var id = await payout.FileAsync("grace", form => form["veteran"] = true);

        var claim = await payout.ClaimAsync("grace", id, "paid");

        claim.GetProperty("amount").GetRawText().ShouldBe("600.00");
        claim.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("name").GetString()).ShouldBe(["submitted", "approved", "paid"]);
        await Eventually.TrueAsync(
            async () => (await payout.GetAsync("ada", "/api/metrics/payouts")).GetProperty("count").GetInt64() == before.GetProperty("count").GetInt64() + 1,
            Mesh.ToReact, "the payout among the metrics");
        var ledger = await payout.GetAsync("pat", "/api/payments/ledger");
        ledger.GetProperty("balanced").GetBoolean().ShouldBeTrue();
        if ((await payout.Mesh.StatusAsync("veterans-affairs")).GetProperty("state").GetString() != "skipped")
            await payout.Mesh.Host.LineAsync(line => line.Contains("Reviewed the benefits of citizen cit-k8r3n7yp", StringComparison.Ordinal), Mesh.ToReact, "the agency's review");

        // Both versions of the approval were said, and one payment came of them.
        (await payout.EventsAsync("claim.approved")).Count(one => Data(one).GetProperty("claimId").GetString() == id).ShouldBe(1);
        var second = (await payout.EventsAsync("claim.approved.v2")).Where(one => Data(one).GetProperty("claimId").GetString() == id).ShouldHaveSingleItem();
        second.GetProperty("data").GetProperty("type").GetString().ShouldBe("gov.hms.claim.approved.v2");
        (await payout.EventsAsync("payment.sent")).Count(one => Data(one).GetProperty("claimId").GetString() == id).ShouldBe(1);
        var stats = JsonElement.Parse((await payout.Mesh.RunAsync("call", "payments", "GET", "/stats")).Out);
        stats.GetProperty("secondApprovals").GetInt64().ShouldBe(0);
        stats.GetProperty("incidents").GetInt64().ShouldBe(0);
        Assert.SkipUnless(payout.HasNode, "Node is not installed: the notifier is skipped.");
        await payout.Mesh.Host.LineAsync(line => line.Contains("Email sent to citizen cit-k8r3n7yp", StringComparison.Ordinal), Mesh.ToReact, "the mail");
        (await payout.GetAsync("grace", "/api/messages")).EnumerateArray().ShouldContain(mail => mail.GetProperty("claimId").GetString() == id);
    }

    [Theory]
    [InlineData("weeksWorked", "3", "base-period")]
    [InlineData("reason", "\"misconduct\"", "misconduct")]
    public async Task Claim_ThatARuleDenies_SaysWhichAndIsMailed(string field, string value, string rule)
    {
        var id = await payout.FileAsync("chen", form => form[field] = JsonNode.Parse(value));

        var claim = await payout.ClaimAsync("chen", id, "denied");

        claim.GetProperty("rule").GetString().ShouldBe(rule);
        claim.GetProperty("explanation").GetProperty("en").GetString().ShouldNotBeNullOrWhiteSpace();
        Assert.SkipUnless(payout.HasNode, "Node is not installed: the notifier is skipped.");
        await payout.Mesh.Host.LineAsync(line => line.Contains("Email sent to citizen cit-m4t9w6bz", StringComparison.Ordinal), Mesh.ToReact, "the mail");
        await Eventually.TrueAsync(
            async () => (await payout.GetAsync("chen", "/api/messages")).EnumerateArray().Any(mail => mail.GetProperty("claimId").GetString() == id), Mesh.ToReact, "the message");
    }

    [Fact]
    public async Task Dormitory_ClosedThroughTheDoor_ChangesTheOptions()
    {
        using (var refused = await payout.SendAsync("diego", HttpMethod.Post, "/api/capacity/dormitories/washington-sheridan-east/close"))
            refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        using var closed = await payout.SendAsync("cole", HttpMethod.Post, "/api/capacity/dormitories/washington-sheridan-east/close");

        closed.StatusCode.ShouldBe(HttpStatusCode.OK);
        await CanApplyAsync(false);
        using var reopened = await payout.SendAsync("cole", HttpMethod.Post, "/api/capacity/dormitories/washington-sheridan-east/reopen");
        reopened.StatusCode.ShouldBe(HttpStatusCode.OK);
        await CanApplyAsync(true);

        Task CanApplyAsync(bool expected) => Eventually.TrueAsync(
            async () => JsonElement.Parse(await payout.Gateway.GetStringAsync("/api/afrh/options", Ct)).EnumerateArray()
                .Single(one => one.GetProperty("facility").GetString() == "washington").GetProperty("canApply").GetBoolean() == expected,
            Mesh.ToReact, $"washington's button: {expected}");
    }

    [Fact]
    public async Task Door_AsADeveloperTriesIt_AnswersByTheStandards()
    {
        using (var nobody = await payout.Gateway.PostAsync("/api/claims", new StringContent("{}", Encoding.UTF8, "application/json"), Ct))
            Problem(nobody, HttpStatusCode.Unauthorized);
        using (var auditor = await payout.SendAsync("ada", HttpMethod.Post, "/api/claims", PayoutMesh.Form()))
            Problem(auditor, HttpStatusCode.Forbidden);
        using (var wrong = await payout.SendAsync("diego", HttpMethod.Post, "/api/claims", PayoutMesh.Form(form => form["weeksWorked"] = -1)))
        {
            Problem(wrong, HttpStatusCode.UnprocessableEntity);
            (await wrong.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("errors").GetProperty("weeksWorked").GetArrayLength().ShouldBe(1);
        }

        using (var large = await payout.SendAsync("diego", HttpMethod.Post, "/api/claims", new JsonObject { ["employer"] = new string('x', 2 << 20) }))
            Problem(large, HttpStatusCode.RequestEntityTooLarge);

        var key = Guid.NewGuid().ToString();
        using var first = await payout.SendAsync("diego", HttpMethod.Post, "/api/claims", PayoutMesh.Form(), key);
        using var second = await payout.SendAsync("diego", HttpMethod.Post, "/api/claims", PayoutMesh.Form(), key);
        (await second.Content.ReadAsStringAsync(Ct)).ShouldBe(await first.Content.ReadAsStringAsync(Ct));
        using var other = await payout.SendAsync("diego", HttpMethod.Post, "/api/claims", PayoutMesh.Form(form => form["weeksWorked"] = 41), key);
        Problem(other, HttpStatusCode.UnprocessableEntity);

        var claim = (await first.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("claimId").GetString();
        using var others = await payout.SendAsync("amara", HttpMethod.Get, $"/api/claims/{claim}");
        others.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var byKey = new HttpRequestMessage(HttpMethod.Get, "/api/claims");
        byKey.Headers.Add("X-API-Key", (await payout.Mesh.RunAsync("token", "apikey")).Out.Trim());
        using var listed = await payout.Gateway.SendAsync(byKey, Ct);
        listed.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Services_CalledPastTheDoor_Refuse()
    {
        // Straight, as any local process could.
        using var http = new HttpClient();
        foreach (var (service, path) in new[] { ("claims", "/claims"), ("payments", "/ledger"), ("metrics", "/payouts"), ("capacity", "/dormitories") })
        {
            using var answer = await http.GetAsync(await payout.AddressAsync(service) + path, Ct);
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, service);
        }

        // With the app's token, and without a service token.
        http.DefaultRequestHeaders.Add("dapr-api-token", await File.ReadAllTextAsync(Path.Combine(payout.Mesh.Data, "tokens", "capacity.app"), Ct));
        using (var close = await http.PostAsync(await payout.AddressAsync("capacity") + "/dormitories/gulfport-annex/close", content: null, Ct))
            close.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        // From a service that may not: neither call nor say.
        using var journey = await payout.Mesh.SidecarAsync("journey");
        using (var call = await journey.GetAsync("/v1.0/invoke/payments/method/ledger", Ct))
            call.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using (var forged = await journey.PostAsJsonAsync("/v1.0/publish/pubsub/payment.sent", new { claimId = "01", amount = 600.00m }, Ct))
            forged.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Secrets_ToAnybodyButTheirService_AreWithheld()
    {
        foreach (var (app, secret, status) in new[]
        {
            ("payments", "payee-vault", HttpStatusCode.OK), ("payments", "auth-keys", HttpStatusCode.Forbidden),
            ("bank", "payee-vault", HttpStatusCode.Forbidden), ("gateway", "payee-vault", HttpStatusCode.Forbidden),
            ("gateway", "client-gateway", HttpStatusCode.OK), ("journey", "client-gateway", HttpStatusCode.Forbidden),
        })
        {
            using var sidecar = await payout.Mesh.SidecarAsync(app);
            using var answer = await sidecar.GetAsync($"/v1.0/secrets/secretstore/{secret}", Ct);
            answer.StatusCode.ShouldBe(status, $"{secret} for {app}");
        }

        using var other = await payout.Mesh.SidecarAsync("claims");
        (await other.GetStringAsync("/v1.0/secrets/secretstore/bulk", Ct)).ShouldBe("{}");
    }

    [Fact]
    public async Task PaymentEvent_SentAgain_ChangesNothing()
    {
        var id = await payout.FileAsync("amara");
        var paid = await payout.ClaimAsync("amara", id, "paid");
        await Eventually.TrueAsync(async () => (await payout.EventsAsync("payment.sent")).Any(one => Data(one).GetProperty("claimId").GetString() == id), Mesh.ToReact, "the event");
        var count = (await payout.GetAsync("ada", "/api/metrics/payouts")).GetProperty("count").GetInt64();

        foreach (var options in (string[][])[[], ["--again"]])
        {
            foreach (var app in new[] { "claims", "metrics" })
            {
                var ran = await payout.Mesh.RunAsync(["replay", "payment.sent", "--from", "1h", "--key", id, "--to", app, "--yes", .. options]);
                ran.Code.ShouldBe(0, ran.Error);
            }
        }

        (await payout.GetAsync("amara", $"/api/claims/{id}")).GetRawText().ShouldBe(paid.GetRawText());
        (await payout.GetAsync("ada", "/api/metrics/payouts")).GetProperty("count").GetInt64().ShouldBe(count);
    }

    private static JsonElement Data(JsonElement browsed) => browsed.GetProperty("data").GetProperty("data");

    private static void Problem(HttpResponseMessage answer, HttpStatusCode status)
    {
        answer.StatusCode.ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        answer.Headers.Contains("X-Request-Id").ShouldBeTrue();
    }
}
