using System.Globalization;
using Dapper;
using HmsMesh.Kit;

namespace HmsMesh.Gateway.SignIn;

/// <summary>Sessions in the database.</summary>
internal sealed class SessionStore(IWorkshop workshop)
{
    public static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    public static DateTimeOffset Time(string stamp) => DateTimeOffset.Parse(stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    public Task AddAsync(SessionRow row, DateTimeOffset accessEnds, CancellationToken ct) => workshop.RunAsync(
        (work, _) => work.Db.ExecuteAsync(
            """
            insert into sessions (id_hash, subject, sealed, access_ends_at, seen_at, ends_at)
            values (@IdHash, @Subject, @Sealed, @access, @SeenAt, @EndsAt)
            """,
            new { row.IdHash, row.Subject, row.Sealed, access = Stamp(accessEnds), row.SeenAt, row.EndsAt }),
        ct);

    public Task<SessionRow?> FindAsync(string idHash, CancellationToken ct) => workshop.ReadAsync(
        (db, _) => db.QuerySingleOrDefaultAsync<SessionRow>(
            "select id_hash as IdHash, subject as Subject, sealed as Sealed, seen_at as SeenAt, ends_at as EndsAt from sessions where id_hash = @idHash", new { idHash }),
        ct);

    public Task RenewAsync(string idHash, string sealedTokens, DateTimeOffset accessEnds, CancellationToken ct) => workshop.RunAsync(
        (work, _) => work.Db.ExecuteAsync(
            "update sessions set sealed = @sealedTokens, access_ends_at = @access where id_hash = @idHash", new { idHash, sealedTokens, access = Stamp(accessEnds) }),
        ct);

    public Task SeenAsync(string idHash, DateTimeOffset now, CancellationToken ct) => workshop.RunAsync(
        (work, _) => work.Db.ExecuteAsync("update sessions set seen_at = @now where id_hash = @idHash", new { idHash, now = Stamp(now) }), ct);

    public Task RemoveAsync(string idHash, CancellationToken ct) => workshop.RunAsync(
        (work, _) => work.Db.ExecuteAsync("delete from sessions where id_hash = @idHash", new { idHash }), ct);

    public Task<int> PruneAsync(DateTimeOffset now, DateTimeOffset idleSince, CancellationToken ct) => workshop.RunAsync(
        (work, _) => work.Db.ExecuteAsync("delete from sessions where ends_at < @now or seen_at < @idle", new { now = Stamp(now), idle = Stamp(idleSince) }), ct);
}
