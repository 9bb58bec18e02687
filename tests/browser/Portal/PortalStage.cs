using System.Collections.Concurrent;
using System.Threading.Channels;
using HmsMesh.Kit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace HmsMesh.Browser.Tests.Portal;

/// <summary>What stands behind the gateway for the portal's own tests: small services on the real kit that the test moves by hand.</summary>
internal sealed class PortalStage
{
    private static readonly string[] Modes = ["ok", "fail", "slow", "silent", "return", "forgetful"];
    private readonly ConcurrentDictionary<string, List<Step>> _claims = new();
    private readonly ConcurrentDictionary<string, string> _documents = new();
    private readonly ConcurrentDictionary<Channel<string>, bool> _readers = new();
    private string _mode = "ok";
    private string? _ending;
    private int _filed;

    public bool BreakerIsOpen { get; set; }

    /// <summary>Payments that wait for a decision.</summary>
    public HeldPayments Held { get; } = new();

    public IEnumerable<string> ClaimIds => _claims.Keys;

    /// <summary>One more thing happens to a claim, and the stream tells it.</summary>
    public void Move(string claimId, string step, long ms)
    {
        Add(claimId, step, ms);
        Say(claimId, step);
    }

    /// <summary>The claim is at its step, and nobody tells.</summary>
    public void Add(string claimId, string step, long ms)
    {
        var steps = _claims[claimId];
        lock (steps)
            steps.Add(new Step(step, steps[0].At.AddMilliseconds(ms), ms));
    }

    /// <summary>The stream tells, and the claim is not there yet.</summary>
    public void Say(string claimId, string step) => Tell($"event: claim\ndata: {{\"claimId\":\"{claimId}\",\"status\":\"{step}\"}}\n\n");

    public void Turn(string facility, bool canApply) =>
        Tell($"event: option\ndata: {{\"facility\":\"{facility}\",\"canApply\":{(canApply ? "true" : "false")}}}\n\n");

    public void MapClaims(WebApplication app)
    {
        app.MapPost("/claims", (IDictionary<string, object> form) =>
        {
            var id = $"clm-{Interlocked.Increment(ref _filed):D4}";
            if (form.TryGetValue("document", out var document))
                _documents[id] = $"{document}";
            _claims[id] = [new Step("submitted", TimeProvider.System.GetUtcNow(), 0)];
            return Results.Created($"/claims/{id}", View(id));
        }).Needs("claims.write");
        app.MapGet("/claims", () => _claims.Keys.Order().Select(View)).Needs("claims.read");
        app.MapGet("/claims/{id}", (string id) => _claims.ContainsKey(id) ? Results.Ok(View(id)) : Results.NotFound()).Needs("claims.read");
    }

    public void MapJourney(WebApplication app)
    {
        app.MapGet("/options", () => new[]
        {
            new { facility = "gulfport", name = "AFRH-Gulfport", place = "Gulfport, Mississippi", about = "On the Gulf Coast: private rooms and care on site.", canApply = true },
            new { facility = "washington", name = "AFRH-Washington", place = "Washington, D.C.", about = "In the capital since 1851: private rooms and care on site.", canApply = false },
        }).Public();
        app.MapGet("/stream", async (HttpContext http) =>
        {
            var reader = Channel.CreateUnbounded<string>();
            _readers[reader] = true;
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync("event: beat\ndata: {}\n\n", http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            try
            {
                await foreach (var text in reader.Reader.ReadAllAsync(http.RequestAborted))
                {
                    await http.Response.WriteAsync(text, http.RequestAborted);
                    await http.Response.Body.FlushAsync(http.RequestAborted);
                }
            }
            catch (OperationCanceledException)
            {
                _readers.TryRemove(reader, out _);
            }
        }).Public();
    }

    public static void MapNotifier(WebApplication app) => app.MapGet("/messages", () => new[]
    {
        new
        {
            id = "m1", at = "2026-11-02T09:00:00Z", kind = "claim-denied", claimId = "clm-0001",
            text = new { en = "Your claim was denied: you worked less than 20 weeks.", es = "Su solicitud fue denegada: trabajó menos de 20 semanas." },
        },
        new
        {
            id = "m2", at = "2026-11-03T10:00:00Z", kind = "payment-sent", claimId = "clm-0002",
            text = new { en = "We sent 600.00 USD to your account.", es = "Enviamos 600.00 USD a su cuenta." },
        },
    }).Needs("messages.read");

    public static void MapMetrics(WebApplication app)
    {
        app.MapGet("/payouts", () => new
        {
            count = 1234,
            medianMs = 312.4,
            p90Ms = 780.0,
            p99Ms = 2450.0,
            days = Enumerable.Range(1, 14).Select(n => new { day = $"2026-11-{n:D2}", count = 60 + n, medianMs = 250 + (n * 13 % 90), p90Ms = 600 + (n * 41 % 300), p99Ms = 1200 + (n * 173 % 1300) }),
            slowest = new[] { new { claimId = "clm-0042", ms = 9130.0, at = "2026-11-07T12:00:00Z" }, new { claimId = "clm-0007", ms = 4080.0, at = "2026-11-03T08:30:00Z" } },
        }).Needs("audit.read");
        app.MapGet("/payouts.csv", () => Results.Text("day,count\n2026-11-01,61\n", "text/csv")).Needs("audit.read");
    }

    public void MapPayments(WebApplication app)
    {
        app.MapGet("/payee", () => _ending is null ? Results.Problem("No payee yet.", statusCode: 404) : Results.Ok(new { routing = "021000021", accountEnding = _ending, kind = "checking" })).Needs("payee.write");
        app.MapPut("/payee", (Dictionary<string, string> payee) =>
        {
            _ending = payee["account"][^4..];
            return Results.NoContent();
        }).Needs("payee.write");
        app.MapGet("/breaker", () => new { state = BreakerIsOpen ? "open" : "closed", failures = BreakerIsOpen ? 3 : 0 }).Needs("payments.operate");
        Held.Map(app);
        app.MapGet("/bank", () => new { mode = _mode }).Needs("payments.operate");
        app.MapPut("/bank/mode", (Dictionary<string, string> body) =>
        {
            if (!Modes.Contains(body["mode"]))
                return Results.Problem("No such mode.", statusCode: 422);
            _mode = body["mode"];
            return Results.Ok(new { mode = _mode });
        }).Needs("payments.operate");
        app.MapGet("/ledger", () => new
        {
            entries = new[]
            {
                new { id = "e1", at = "2026-11-03T10:00:00Z", account = "obligations", debitCents = 60000, creditCents = 0, paymentId = "pay-0001", memo = "approved" },
                new { id = "e2", at = "2026-11-03T10:00:00Z", account = "pending", debitCents = 0, creditCents = 60000, paymentId = "pay-0001", memo = "approved" },
            },
            balances = new { obligations = 60000, pending = -60000, bank = 0, returns = 0 },
            balanced = true,
        }).Needs("payments.operate");
        app.MapGet("/ach/today", () => Results.Text(string.Join('\n', Enumerable.Range(1, 10).Select(n => $"{n % 10}".PadRight(94, '9'))), "text/plain")).Needs("payments.operate");
    }

    private void Tell(string text)
    {
        foreach (var reader in _readers.Keys)
            reader.Writer.TryWrite(text);
    }

    private object View(string id)
    {
        lock (_claims[id])
        {
            var steps = _claims[id].ToArray();
            var isDenied = steps[^1].Name == "denied";
            var (rule, explanation) = steps[^1].Name switch
            {
                "submitted" => ((string?)null, (Text?)null),
                "denied" => ("base-period", new Text("You worked less than the base period of 20 weeks.", "Trabajó menos del período base de 20 semanas.")),
                "payment-failed" => ("eligible", new Text("Your bank sent the 600 dollars back to us. Check the account that you gave us.", "Su banco nos devolvió los 600 dólares. Revise la cuenta que nos dio.")),
                "paid" => ("eligible", new Text("We sent 600 dollars to your account.", "Enviamos 600 dólares a su cuenta.")),
                _ => ("eligible", new Text("You meet every condition. 600 dollars are on their way to you.", "Usted cumple todas las condiciones. Le enviaremos 600 dólares.")),
            };
            return new
            {
                claimId = id,
                status = steps[^1].Name,
                amount = steps.Length > 1 && !isDenied ? 600.00m : (decimal?)null,
                rule,
                explanation,
                veteran = false,
                document = _documents.GetValueOrDefault(id),
                steps,
            };
        }
    }

    private sealed record Step(string Name, DateTimeOffset At, long Ms);

    private sealed record Text(string En, string Es);
}
