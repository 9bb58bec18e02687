using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HmsMesh.Contracts;

namespace HmsMesh.Services.Tests.Metrics;

/// <summary>Payouts as auditors see them, on the real service; each test has a mesh of its own, as a report is about all.</summary>
public class PayoutTests : MetricsMesh
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 22, 0, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Report_OfNothing_HasNoFigures()
    {
        var report = await ReportAsync();

        report.GetProperty("count").GetInt64().ShouldBe(0);
        report.GetProperty("medianMs").ValueKind.ShouldBe(JsonValueKind.Null);
        report.GetProperty("days").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 137)]
    public async Task Report_OfEventsShuffledAndDoubled_IsExact(int seed, int claims)
    {
        var random = new Random(seed);
        var payouts = Enumerable.Range(0, claims)
            .Select(i => (Id: $"claim-{i}", Submitted: Start.AddMinutes(i * 2), Ms: random.Next(1, 5000))).ToList();
        var events = payouts.SelectMany(p => new[]
        {
            Event("claim.submitted", p.Id, p.Submitted), Event("claim.approved", p.Id, p.Submitted), Event("payment.sent", p.Id, p.Submitted.AddMilliseconds(p.Ms)),
        }).ToList();

        foreach (var one in events.Concat(events.Where(_ => random.Next(3) == 0)).OrderBy(_ => random.Next()))
            await DeliverAsync(one);

        var report = await ReportAsync();
        Check(report, [.. payouts.Select(p => (long)p.Ms)]);
        var days = payouts.GroupBy(p => p.Submitted.AddMilliseconds(p.Ms).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        report.GetProperty("days").EnumerateArray().Select(d => d.GetProperty("day").GetString()).ShouldBe(days.Select(d => d.Key));
        foreach (var (shown, day) in report.GetProperty("days").EnumerateArray().Zip(days))
            Check(shown, [.. day.Select(p => (long)p.Ms)]);
        report.GetProperty("slowest").EnumerateArray().Select(s => s.GetProperty("ms").GetInt64())
            .ShouldBe(payouts.Select(p => (long)p.Ms).OrderDescending().Take(10));
    }

    [Fact]
    public async Task Payment_BeforeItsSubmission_WaitsForIt()
    {
        await DeliverAsync(Event("claim.approved", "claim-early", Start));
        await DeliverAsync(Event("payment.sent", "claim-early", Start.AddMilliseconds(420)));
        var before = await ReportAsync();

        await DeliverAsync(Event("claim.submitted", "claim-early", Start));

        before.GetProperty("count").GetInt64().ShouldBe(0);
        before.GetProperty("waiting").GetInt64().ShouldBe(1);
        var after = await ReportAsync();
        after.GetProperty("medianMs").GetInt64().ShouldBe(420);
        after.GetProperty("waiting").GetInt64().ShouldBe(0);
        after.GetProperty("slowest")[0].GetProperty("at").GetString().ShouldBe("2026-11-20T22:00:00.420Z");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Payment_ThatComesBack_IsNoPayout(bool lateNews)
    {
        var sent = Event("payment.sent", "claim-back", Start.AddSeconds(1));
        var failed = Event("payment.failed", "claim-back", Start.AddDays(1));
        await DeliverAsync(Event("claim.submitted", "claim-back", Start));
        await DeliverAsync(Event("claim.approved", "claim-back", Start));

        foreach (var one in lateNews ? new[] { failed, sent } : [sent, failed])
            await DeliverAsync(one);

        var report = await ReportAsync();
        report.GetProperty("count").GetInt64().ShouldBe(0);
        report.GetProperty("failed").GetInt64().ShouldBe(1);

        await DeliverAsync(Event("payment.sent", "claim-back", Start.AddDays(2)));

        var again = await ReportAsync();
        again.GetProperty("medianMs").GetInt64().ShouldBe(2 * 24 * 3600 * 1000);
        again.GetProperty("failed").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task Csv_WithAnIdThatLooksLikeAFormula_EscapesIt()
    {
        foreach (var id in new[] { "=cmd|' /C calc'!A0", "+1", "-1", "@sum", "a,\"b\"", "plain" })
        {
            await DeliverAsync(Event("claim.submitted", id, Start));
            await DeliverAsync(Event("claim.approved", id, Start));
            await DeliverAsync(Event("payment.sent", id, Start.AddMilliseconds(5)));
        }

        using var answer = await GetAsync("/payouts.csv");

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        answer.Content.Headers.ContentDisposition!.FileName!.Trim('"').ShouldBe("payouts.csv");
        var lines = (await answer.Content.ReadAsStringAsync(Ct)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldBe("claimId,submittedAt,paidAt,ms");
        lines.Length.ShouldBe(7);
        lines.ShouldContain("plain,2026-11-20T22:00:00.000Z,2026-11-20T22:00:00.005Z,5");
        lines.ShouldContain("\"a,\"\"b\"\"\",2026-11-20T22:00:00.000Z,2026-11-20T22:00:00.005Z,5");
        lines.Count(l => l.StartsWith("\"'", StringComparison.Ordinal)).ShouldBe(4);
        lines.ShouldAllBe(l => !"=+-@".Contains(l.TrimStart('"')[0]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Payment_OverAnotherAmountThanApproved_IsNoPayout(bool isEarly)
    {
        var approved = Event("claim.approved", "claim-other", Start);
        var right = Event("payment.sent", "claim-other", Start.AddMilliseconds(300));
        await DeliverAsync(Event("claim.submitted", "claim-other", Start));
        foreach (var one in isEarly ? new[] { right, Other(400), approved } : [approved, right, Other(400)])
            await DeliverAsync(one);

        var report = await ReportAsync();
        report.GetProperty("count").GetInt64().ShouldBe(1);
        report.GetProperty("medianMs").GetInt64().ShouldBe(300);

        CloudEvent Other(int ms) => Event("payment.sent", "claim-other", Start.AddMilliseconds(ms), 600.01m);
    }

    [Fact]
    public async Task Payment_OfAClaimThatIsNeverApproved_IsNoPayout()
    {
        await DeliverAsync(Event("claim.submitted", "claim-denied", Start));
        await DeliverAsync(Event("payment.sent", "claim-denied", Start.AddMilliseconds(300)));
        await DeliverAsync(Event("payment.sent", "claim-unheard", Start.AddMilliseconds(300)));

        var report = await ReportAsync();
        report.GetProperty("count").GetInt64().ShouldBe(0);
        report.GetProperty("waiting").GetInt64().ShouldBe(0);
    }

    [Theory]
    [InlineData("/payouts")]
    [InlineData("/payouts.csv")]
    public async Task Read_ByACitizen_IsRefused(string path)
    {
        using var citizen = await GetAsync(path, "claims.read");
        using var client = Mesh.Client("metrics");
        using var nobody = await client.GetAsync(new Uri(path, UriKind.Relative), Ct);

        citizen.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        nobody.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static void Check(JsonElement figures, List<long> times)
    {
        times.Sort();
        figures.GetProperty("count").GetInt64().ShouldBe(times.Count);
        figures.GetProperty("medianMs").GetInt64().ShouldBe(Rank(times, 50));
        figures.GetProperty("p90Ms").GetInt64().ShouldBe(Rank(times, 90));
        figures.GetProperty("p99Ms").GetInt64().ShouldBe(Rank(times, 99));
    }

    private static long Rank(List<long> sorted, int percent) => sorted[(int)Math.Ceiling(sorted.Count * percent / 100m) - 1];

    private async Task<JsonElement> ReportAsync()
    {
        using var answer = await GetAsync("/payouts");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
    }
}
