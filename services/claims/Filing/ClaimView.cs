using System.Globalization;
using System.Text.Json.Serialization;
using HmsMesh.Claims.Decisions;

namespace HmsMesh.Claims.Filing;

/// <summary>A claim as its citizen sees it: the explanation is that of its present state.</summary>
internal sealed record ClaimView(
    string ClaimId,
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] decimal? Amount,
    string Rule,
    Explanation Explanation,
    bool Veteran,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Document,
    IReadOnlyList<Step> Steps)
{
    /// <summary>The claim with what payments said of it, in whatever order that came: the later of a payment and its failure counts.</summary>
    public static ClaimView Of(Claim claim, IEnumerable<PaymentNews> news)
    {
        var decided = claim.Approved ? Filing.Status.Approved : Filing.Status.Denied;
        var payments = news.Where(n => claim.IsOwed(n.AmountCents)).OrderBy(n => n.Ordering).ToList();
        List<Step> steps =
        [
            StepOf(Filing.Status.Submitted, claim.SubmittedAt, claim),
            StepOf(decided, claim.DecidedAt, claim),
            .. payments.Select(n => StepOf(n.Step, n.HappenedAt, claim)),
        ];
        var amount = claim.AmountCents is { } cents ? new decimal((int)cents, 0, 0, false, 2) : (decimal?)null;
        var explanation = amount is { } dollars && PaymentWords.Of(payments) is { } words ? words.With("{amount}", Explanation.Number(dollars)) : claim.Explanation;
        return new ClaimView(claim.Id, steps[^1].Name, amount, claim.RuleId, explanation, claim.Veteran, claim.Document, steps);
    }

    private static Step StepOf(string name, long at, Claim claim) => new(
        name,
        DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        Math.Max(0, at - claim.SubmittedAt));
}
