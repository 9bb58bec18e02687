using HmsMesh.Cli.Data;

namespace HmsMesh.Cli.Chaos.Payout;

/// <summary>How far a run is, as the databases say while it runs.</summary>
/// <param name="Claims">In the database of claims.</param>
/// <param name="Sent">Payments that the bank took.</param>
/// <param name="Open">Payments that are on their way.</param>
/// <param name="Unsaid">Events that wait in an outbox.</param>
internal sealed record Progress(long Claims, long Sent, long Open, long Unsaid)
{
    private const string Waiting = "select count(*) from mesh_outbox where sent_at is null";

    public static Progress Read(DataFolder data)
    {
        using var claims = Books.Of(data, "claims");
        using var payments = Books.Of(data, "payments");
        return new Progress(
            claims.Number("select count(*) from claims"),
            payments.Number("select count(*) from payments where status = 'sent'"),
            payments.Number("select count(*) from payments where status in ('waiting-for-payee', 'pending', 'sending')"),
            claims.Number(Waiting) + payments.Number(Waiting));
    }
}
