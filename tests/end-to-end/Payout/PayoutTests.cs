using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HmsMesh.EndToEnd.Tests.Support;

namespace HmsMesh.EndToEnd.Tests.Payout;

[Trait("Category", "Slow")]
public sealed class PayoutTests(PayoutMesh payout) : Payouts(payout), IClassFixture<PayoutMesh>
{
    private readonly PayoutMesh _payout = payout;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Trace_OfAClaim_HasTwoSynchronousHops()
    {
        // The door's token for the service, and the service's keys of the issuer, are fetched by the first claim and kept.
        await _payout.ClaimAsync("diego", await _payout.FileAsync("diego"), "paid");
        var trace = await TraceAsync();

        // Each process exports by itself: what one of them has yet to tell of the first is there when the second is whole.
        await TraceAsync();

        var spans = _payout.Traces.Trace(trace).ToDictionary(span => span.Id);
        var hops = spans.Values.Where(span => span.Kind == SpanKind.Server && span.Service != "bank" && IsSynchronous(span)).Select(Named).Order().ToList();
        hops.ShouldBe(["claims: POST /claims", "gateway: POST /api/claims"]);

        // With the two hops, the events that come of them, in the same trace.
        async Task<string> TraceAsync()
        {
            var id = Guid.NewGuid().ToString("N");
            await _payout.ClaimAsync("diego", await _payout.FileAsync("diego", traceParent: $"00-{id}-00f067aa0ba902b7-01"), "paid");
            string[] wanted =
            [
                "gateway: POST /api/claims", "claims: POST /claims", "payments: process claim.approved", "claims: process payment.sent",
                "metrics: process payment.sent", "journey: process claim.submitted", "journey: process payment.sent",
            ];
            await Eventually.TrueAsync(() => wanted.All(_payout.Traces.Trace(id).Select(Named).Contains), Mesh.ToReact, $"{string.Join(", ", wanted)} in one trace");
            return id;
        }

        static string Named(Span span) => $"{span.Service}: {span.Name.TrimEnd('/')}";

        // The bank is outside of the mesh; a worker of payments calls it, once the approval was heard.
        // Sidecars pass the trace on by ids of their own and export none, so that a chain of parents ends at each. What an event brought
        // has its route or its handler in the chain.
        bool IsSynchronous(Span span)
        {
            for (var one = span; one is not null; one = one.ParentId is { } parent ? spans.GetValueOrDefault(parent) : null)
            {
                if (one.Kind is SpanKind.Producer or SpanKind.Consumer || one.Name.StartsWith("POST /events/", StringComparison.Ordinal))
                    return false;
            }

            return true;
        }
    }

    [Fact]
    public async Task Docs_ForDevelopers_AreWhatWorks()
    {
        var docs = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "payout.md"), Ct);
        var block = docs.Split("```sh\n").Single(part => part.StartsWith("TOKEN=", StringComparison.Ordinal)).Split("```")[0];
        var script = Regex.Replace(block, @"\./mesh (?<words>token [a-z ]+)", $"./mesh ${{words}} --data '{_payout.Mesh.Data}'", RegexOptions.NonBacktracking);
        script = $"set -e; cd '{Repository.Root}'; GATEWAY={_payout.Gateway.BaseAddress!.ToString().TrimEnd('/')}\n" + script.Replace("curl -s", "curl -sSf -w '\\n'", StringComparison.Ordinal);

        await using var bash = Running.Start("bash", ["-c", script]);
        var ran = await bash.EndAsync(Mesh.ToReact);

        ran.Code.ShouldBe(0, ran.Error);
        var answers = ran.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToList();
        answers.Count.ShouldBe(3);
        var id = answers[0].GetProperty("claimId").GetString();
        answers[1].EnumerateArray().ShouldContain(claim => claim.GetProperty("claimId").GetString() == id);
        await _payout.ClaimAsync("diego", id!, "paid");
    }

    [Fact]
    public async Task EventsAndLogs_AfterAllThatCitizensDo_HoldNothingPersonal()
    {
        var payees = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "services/payments/demo-payees.json"), Ct))!.AsArray();
        var accounts = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "services/auth/accounts.json"), Ct))!.AsArray();
        foreach (var account in (string[])["diego", "amara", "chen", "grace"])
        {
            await _payout.ClaimAsync(account, await _payout.FileAsync(account), "paid");
            await _payout.FileAsync(account, form => form["weeksWorked"] = 2);
        }

        var payee = new JsonObject { ["holder"] = "Amara Persimmon-Okafor", ["routing"] = "011401533", ["account"] = "76543210987", ["kind"] = "savings" };
        using (var filled = await _payout.SendAsync("amara", HttpMethod.Put, "/api/payee", payee))
            filled.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        payee["account"] = "not-76543210987";
        using (var refused = await _payout.SendAsync("amara", HttpMethod.Put, "/api/payee", payee))
            refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await TryTheDoorWronglyAsync();
        await FailABankAsync();
        var last = await _payout.FileAsync("amara");
        await _payout.ClaimAsync("amara", last, "paid");

        var names = accounts.Select(a => (string)a!["shows"]!).Concat(payees.Select(p => (string)p!["holder"]!));
        var secrets = names.Concat(payees.Select(p => (string)p!["account"]!)).Concat(["Persimmon", "Okafor", "76543210987", "Zephyrine"]).Distinct().ToList();

        // Every event that passed: the broker's own files, which hold each one whole.
        var events = string.Concat(Directory.GetFiles(Path.Combine(_payout.Mesh.Data, "broker"), "*.log").Select(ReadAll));
        events.ShouldContain(last);
        events.ShouldContain("cit-q2x8v5hd");
        var logs = string.Concat(Directory.GetFiles(Path.Combine(_payout.Mesh.Data, "logs")).Select(ReadAll)) + _payout.Mesh.Host.Everything;
        logs.ShouldContain(last);
        foreach (var (what, text) in new[] { ("events", events), ("logs", logs) })
        {
            foreach (var secret in secrets)
                Found(text, $@"\b{Regex.Escape(secret)}\b").ShouldBeNull($"{secret} in the {what}");
            Found(text, @"\b[\w.+-]+@[\w-]+\.[a-z]{2,}\b").ShouldBeNull($"a mail address in the {what}");
            Found(text, @"\b\d{3}-\d{2}-\d{4}\b").ShouldBeNull($"an SSN in the {what}");
            Found(text, @"\beyJ[\w-]{10,}\.").ShouldBeNull($"a token in the {what}");
        }
    }

    /// <summary>A document, one that is none, a token that is none, another's claim, and a sign-in with a wrong password.</summary>
    private async Task TryTheDoorWronglyAsync()
    {
        foreach (var (text, status) in new[] { ("Amara Persimmon-Okafor, account 76543210987", HttpStatusCode.UnsupportedMediaType), ("", HttpStatusCode.UnprocessableEntity) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/documents") { Content = new StringContent(text, Encoding.UTF8, "application/pdf") };
            request.Headers.Authorization = new("Bearer", await _payout.TokenAsync("amara"));
            using var answer = await _payout.Gateway.SendAsync(request, Ct);
            answer.StatusCode.ShouldBeOneOf(status, HttpStatusCode.UnsupportedMediaType);
        }

        using var forged = new HttpRequestMessage(HttpMethod.Get, "/api/claims?who=Diego%20Example");
        forged.Headers.Authorization = new("Bearer", (await _payout.TokenAsync("diego"))[..^4] + "AAAA");
        using (var refused = await _payout.Gateway.SendAsync(forged, Ct))
            refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var auth = new HttpClient { BaseAddress = new Uri(await _payout.AddressAsync("auth")) };
        using var unknown = await auth.PostAsync(
            "/token", new FormUrlEncodedContent([new("grant_type", "password"), new("username", "Diego"), new("password", "Diego Example")]), Ct);
        ((int)unknown.StatusCode).ShouldBeInRange(400, 499);
    }

    /// <summary>Payments that fail, wait and come back.</summary>
    private async Task FailABankAsync()
    {
        await ModeAsync("fail");
        var waiting = await _payout.FileAsync("chen");
        await Eventually.TrueAsync(
            async () => (await _payout.GetAsync("pat", "/api/payments/breaker")).GetProperty("failures").GetInt32() > 0, Mesh.ToReact, "a payment that fails");
        await ModeAsync("ok");
        await _payout.ClaimAsync("chen", waiting, "paid");

        async Task ModeAsync(string mode)
        {
            using var answer = await _payout.SendAsync("pat", HttpMethod.Put, "/api/payments/bank", new JsonObject { ["mode"] = mode });
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    private static string ReadAll(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>The line that holds it, for the message of a test that fails.</summary>
    private static string? Found(string text, string pattern)
    {
        var match = Regex.Match(text, pattern, RegexOptions.IgnoreCase | RegexOptions.NonBacktracking);
        return match.Success ? text[Math.Max(0, match.Index - 200)..Math.Min(text.Length, match.Index + 100)] : null;
    }
}
