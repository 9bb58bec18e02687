using HmsMesh.Cli.Data;

namespace HmsMesh.Cli.Chaos.Payout;

/// <summary>What the databases of claims, payments, bank and metrics hold after a run.</summary>
internal sealed record BookRows
{
    public required IReadOnlyList<ClaimRow> Claims { get; init; }

    /// <summary>Claims of which the claims service has heard that they are paid.</summary>
    public required IReadOnlySet<string> KnownAsPaid { get; init; }

    public required IReadOnlyList<PaymentRow> Payments { get; init; }

    public required IReadOnlyList<JournalRow> Journal { get; init; }

    public required IReadOnlyList<BankRow> Bank { get; init; }

    /// <summary>Incidents that payments has noted.</summary>
    public required IReadOnlyList<string> Incidents { get; init; }

    /// <summary>Claims whose payout metrics has measured.</summary>
    public required IReadOnlySet<string> Measured { get; init; }

    public static BookRows Read(DataFolder data)
    {
        using var claims = Books.Of(data, "claims");
        using var payments = Books.Of(data, "payments");
        using var bank = Books.Of(data, "bank");
        using var metrics = Books.Of(data, "metrics");
        return new BookRows
        {
            Claims = claims.Read(
                "select id, citizen, coalesce(idempotency_key, ''), approved, coalesce(amount_cents, 0), rule_id from claims",
                static row => new ClaimRow(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3) == 1, row.GetInt64(4), row.GetString(5))),
            KnownAsPaid = claims.Read("select claim_id from payment_news where step = 'paid'", static row => row.GetString(0)).ToHashSet(StringComparer.Ordinal),
            Payments = payments.Read(
                "select id, claim_id, citizen, cents, status, coalesce(day, ''), coalesce(trace_number, 0), approvals, attempts from payments",
                static row => new PaymentRow(
                    row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetString(4), row.GetString(5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8))),
            Journal = payments.Read(
                "select payment_id, memo, debit, credit, cents from journal",
                static row => new JournalRow(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4))),
            Incidents = payments.Read("select kind, detail from incidents", static row => $"{row.GetString(0)}: {row.GetString(1)}"),
            Bank = bank.Read(
                "select idempotency_key, cents, day, return_number is not null from entries",
                static row => new BankRow(row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetInt64(3) == 1)),
            Measured = metrics.Read("select claim_id from payouts where ms is not null", static row => row.GetString(0)).ToHashSet(StringComparer.Ordinal),
        };
    }
}
