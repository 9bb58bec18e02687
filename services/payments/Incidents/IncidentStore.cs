using System.Data.Common;
using Dapper;
using HmsMesh.Kit;

namespace HmsMesh.Payments.Incidents;

/// <summary>Incidents in the database.</summary>
internal static class IncidentStore
{
    /// <summary>Keeps it; counts and logs it after the commit.</summary>
    public static async Task ReportAsync(this Work work, Incident incident)
    {
        var now = work.Time.GetUtcNow();
        await work.Db.ExecuteAsync(
            """
            insert into incidents (id, at, kind, claim_id, payment_id, detail, cents, other_cents)
            values (@id, @at, @Kind, @ClaimId, @PaymentId, @Detail, @Cents, @OtherCents)
            """,
            new
            {
                id = Guid.CreateVersion7(now).ToString(),
                at = now.ToUnixTimeMilliseconds(),
                incident.Kind,
                incident.ClaimId,
                incident.PaymentId,
                incident.Detail,
                incident.Cents,
                incident.OtherCents,
            });
        var counts = work.Services.GetRequiredService<IncidentCounts>();
        work.AfterCommit(() =>
        {
            counts.Count(incident.Kind);
            Log.Incident(work.Log, incident.Kind, incident.ClaimId ?? "(none)", incident.PaymentId ?? "(none)", incident.Detail);
        });
    }

    public static Task<long> IncidentCountAsync(this DbConnection db) => db.QuerySingleAsync<long>("select count(*) from incidents");

    public static async Task<IReadOnlyList<IncidentRow>> IncidentsAsync(this DbConnection db, int take) =>
        (await db.QueryAsync<IncidentRow>(
            """
            select id as Id, at as At, kind as Kind, claim_id as ClaimId, payment_id as PaymentId, detail as Detail, cents as Cents,
              other_cents as OtherCents
            from incidents order by at desc, id desc limit @take
            """,
            new { take })).AsList();
}
