using Dapper;
using HmsMesh.Kit;

namespace HmsMesh.Journey.Claims;

/// <summary>Claims in the database.</summary>
internal static class ClaimStore
{
    private const int Most = 100;
    private const string Newer = "(excluded.stage > claims.stage or (excluded.stage = claims.stage and excluded.ordering > claims.ordering))";

    /// <summary>A citizen's claims that changed after a version, the oldest change first; all of them where the version is of a database
    /// that is no more.</summary>
    public static Task<List<ClaimState>> ClaimsSinceAsync(this IWorkshop workshop, string citizen, long version, CancellationToken ct) =>
        workshop.ReadAsync(
            async (db, _) => (await db.QueryAsync<ClaimState>(
                """
                select claim_id as ClaimId, status as Status, happened_at as HappenedAt, version as Version
                from claims
                where citizen = @citizen and (version > @version or (select version from citizens where citizen = @citizen) < @version)
                order by version desc limit @Most
                """,
                new { citizen, version, Most })).Reverse().AsList(),
            ct);

    /// <summary>Keeps what an event says; returns the citizen whose page changes by it, and null where none does.</summary>
    public static async Task<string?> KeepAsync(this Work work, string claimId, string? citizen, ClaimStage stage, string status, long ordering, long at)
    {
        var owner = await work.Db.QuerySingleOrDefaultAsync<string?>(
            $"""
            insert into claims (claim_id, citizen, stage, ordering, status, happened_at)
            values (@claimId, @citizen, @stage, @ordering, @status, @at)
            on conflict (claim_id) do update set
              citizen = coalesce(claims.citizen, excluded.citizen),
              stage = case when {Newer} then excluded.stage else claims.stage end,
              ordering = case when {Newer} then excluded.ordering else claims.ordering end,
              status = case when {Newer} then excluded.status else claims.status end,
              happened_at = case when {Newer} then excluded.happened_at else claims.happened_at end
            where {Newer} or (claims.citizen is null and excluded.citizen is not null)
            returning citizen
            """,
            new { claimId, citizen, stage = (int)stage, ordering, status, at });
        if (owner is null)
            return null;
        // The citizen's row is locked from here to the commit, so versions become visible in their order.
        await work.Db.ExecuteAsync(
            "insert into citizens (citizen, version) values (@owner, 1) on conflict (citizen) do update set version = citizens.version + 1", new { owner });
        await work.Db.ExecuteAsync(
            "update claims set version = (select version from citizens where citizen = @owner) where claim_id = @claimId", new { owner, claimId });
        return owner;
    }
}
