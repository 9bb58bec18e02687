using System.Data.Common;
using System.Globalization;
using Dapper;
using HmsMesh.Claims.Intake;
using HmsMesh.Claims.Decisions;
using HmsMesh.Kit;

namespace HmsMesh.Claims.Filing;

/// <summary>Claims in the database.</summary>
internal static class ClaimStore
{
    private const string Columns =
        """
        id as Id, citizen as Citizen, fingerprint as Fingerprint, veteran as Veteran, document as Document, submitted_at as SubmittedAt, decided_at as DecidedAt,
        approved as Approved, amount_cents as AmountCents, rule_id as RuleId, explanation_en as ExplanationEn, explanation_es as ExplanationEs
        """;

    /// <summary>False where this citizen has sent this key before.</summary>
    public static async Task<bool> AddAsync(this Work work, Claim claim, Application form, string? key, string version) =>
        await work.Db.ExecuteAsync(
            """
            insert into claims (id, citizen, idempotency_key, fingerprint, employer, last_day, reason, weeks_worked, weekly_income_cents, able_to_work,
              veteran, document, submitted_at, decided_at, approved, amount_cents, rule_id, rules_version, explanation_en, explanation_es)
            values (@Id, @Citizen, @key, @Fingerprint, @Employer, @lastDay, @Reason, @WeeksWorked, @WeeklyIncomeCents, @able,
              @veteran, @Document, @SubmittedAt, @DecidedAt, @approved, @AmountCents, @RuleId, @version, @ExplanationEn, @ExplanationEs)
            on conflict do nothing
            """,
            new
            {
                claim.Id,
                claim.Citizen,
                key,
                claim.Fingerprint,
                form.Employer,
                lastDay = form.LastDay.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                form.Reason,
                form.WeeksWorked,
                form.WeeklyIncomeCents,
                able = form.AbleToWork ? 1 : 0,
                veteran = form.Veteran ? 1 : 0,
                claim.Document,
                claim.SubmittedAt,
                claim.DecidedAt,
                approved = claim.Approved ? 1 : 0,
                claim.AmountCents,
                claim.RuleId,
                version,
                claim.ExplanationEn,
                claim.ExplanationEs,
            }) == 1;

    public static Task<Claim?> ByKeyAsync(this Work work, string citizen, string key) => work.Db.QuerySingleOrDefaultAsync<Claim>(
        $"select {Columns} from claims where citizen = @citizen and idempotency_key = @key", new { citizen, key });

    public static Task<Claim?> ClaimAsync(this DbConnection db, string id) =>
        db.QuerySingleOrDefaultAsync<Claim>($"select {Columns} from claims where id = @id", new { id });

    public static async Task<IReadOnlyList<ClaimView>> ClaimsOfAsync(this DbConnection db, string citizen, int take)
    {
        var claims = (await db.QueryAsync<Claim>(
            $"select {Columns} from claims where citizen = @citizen order by submitted_at desc, id desc limit @take", new { citizen, take })).AsList();
        if (claims.Count == 0)
            return [];
        var news = (await db.QueryAsync<PaymentNews>(
            """
            select n.claim_id as ClaimId, n.step as Step, n.amount_cents as AmountCents, n.happened_at as HappenedAt, n.ordering as Ordering
            from payment_news n join claims c on c.id = n.claim_id
            where c.citizen = @citizen and c.submitted_at >= @since
            """,
            new { citizen, since = claims[^1].SubmittedAt })).ToLookup(n => n.ClaimId, StringComparer.Ordinal);
        return claims.ConvertAll(c => ClaimView.Of(c, news[c.Id]));
    }

    public static async Task<ClaimView?> ViewAsync(this DbConnection db, string citizen, string id)
    {
        if (await db.ClaimAsync(id) is not { } claim || claim.Citizen != citizen)
            return null;
        var news = await db.QueryAsync<PaymentNews>(
            """
            select claim_id as ClaimId, step as Step, amount_cents as AmountCents, happened_at as HappenedAt, ordering as Ordering
            from payment_news where claim_id = @id
            """,
            new { id });
        return ClaimView.Of(claim, news);
    }

    /// <summary>Keeps the latest of each kind; false where a later one is there.</summary>
    public static async Task<bool> KeepAsync(this Work work, PaymentNews news) => await work.Db.ExecuteAsync(
        """
        insert into payment_news (claim_id, step, amount_cents, happened_at, ordering)
        values (@ClaimId, @Step, @AmountCents, @HappenedAt, @Ordering)
        on conflict (claim_id, step) do update
        set amount_cents = excluded.amount_cents, happened_at = excluded.happened_at, ordering = excluded.ordering
        where excluded.ordering > payment_news.ordering
        """,
        news) == 1;
}
