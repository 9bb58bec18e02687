using System.Collections.Concurrent;
using HmsMesh.Kit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace HmsMesh.Browser.Tests.Portal;

/// <summary>The held payments of the stage, their incidents, and what is decided of them.</summary>
internal sealed class HeldPayments
{
    private const string Operate = "payments.operate";
    private readonly ConcurrentDictionary<string, bool> _held = new() { ["pay-0007"] = false };
    private readonly ConcurrentQueue<object> _decisions = new();

    /// <summary>The payments of which decisions came, and the keys under which they did.</summary>
    public ConcurrentQueue<(string Payment, string Key)> Asked { get; } = new();

    /// <summary>Holds a payment; the bank may have it whole.</summary>
    public void Hold(string payment, bool isAtBank = false) => _held[payment] = isAtBank;

    public void Map(WebApplication app)
    {
        app.MapGet("/payments/waiting", (string? status) =>
        {
            var held = _held.Keys.Order().Select(id => One(id, "held"));
            return new { payments = status == "held" ? held : held.Prepend(One("pay-0009", "pending")), counts = new { held = _held.Count } };
        }).Needs(Operate);
        app.MapGet("/incidents", () => _held.Keys.Order()
            .Select(id => Incident(id, "bank-differs", 60001))
            .Append(Incident("pay-0002", "other-amount", 600000))).Needs(Operate);
        app.MapGet("/decisions", () => _decisions.Reverse()).Needs(Operate);
        app.MapPost("/payments/{id}/release", (string id, HttpContext http) => Decide(id, "released", http)).Needs(Operate);
        app.MapPost("/payments/{id}/reject", (string id, HttpContext http) => Decide(id, "rejected", http)).Needs(Operate);
    }

    private static object One(string id, string status) => new
    {
        paymentId = id,
        claimId = id.Replace("pay", "clm", StringComparison.Ordinal),
        amount = 600.00m,
        status,
        heldFor = status == "held" ? "bank-differs" : null,
        heldAt = status == "held" ? "2026-11-03T10:00:00Z" : null,
    };

    private static object Incident(string payment, string kind, long other) => new
    {
        id = $"i-{payment}",
        at = "2026-11-03T10:00:00Z",
        kind,
        claimId = payment.Replace("pay", "clm", StringComparison.Ordinal),
        paymentId = payment,
        detail = "As it was logged.",
        cents = 60000,
        otherCents = other,
    };

    private IResult Decide(string id, string decision, HttpContext http)
    {
        Asked.Enqueue((id, http.Request.Headers["Idempotency-Key"].ToString()));
        if (!_held.TryGetValue(id, out var isAtBank))
            return Refuse("not-held");
        if (isAtBank && decision == "rejected")
            return Refuse("bank-has-it");
        _held.TryRemove(id, out _);
        var decided = new { paymentId = id, decision, actor = http.Caller().Subject, at = TimeProvider.System.GetUtcNow(), heldFor = "bank-differs" };
        _decisions.Enqueue(decided);
        return Results.Ok(decided);
    }

    private static IResult Refuse(string code) =>
        Results.Problem("As the service says it.", statusCode: 409, extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["code"] = code });
}
