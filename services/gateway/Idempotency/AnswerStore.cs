using System.Globalization;
using Dapper;
using HmsMesh.Kit;

namespace HmsMesh.Gateway.Idempotency;

/// <summary>Answers by caller and key in the database.</summary>
internal sealed class AnswerStore(IWorkshop workshop, TimeProvider time)
{
    /// <summary>Longer than any request takes: what is under way for longer was left by a door that died.</summary>
    private static readonly TimeSpan LongestRequest = TimeSpan.FromSeconds(60);

    private readonly string _owner = Guid.NewGuid().ToString("N");

    /// <summary>Null where the key is ours now; else what it was used for.</summary>
    public Task<AnswerRow?> TakeAsync(string caller, string key, string fingerprint, CancellationToken ct) => workshop.RunAsync<AnswerRow?>(
        async (work, _) =>
        {
            var now = time.GetUtcNow();
            var mine = new { caller, key, fingerprint, owner = _owner, now = Stamp(now), abandoned = Stamp(now - LongestRequest) };
            var taken = await work.Db.ExecuteAsync(
                """
                insert into answers (caller, idempotency_key, fingerprint, owner, taken_at) values (@caller, @key, @fingerprint, @owner, @now)
                on conflict (caller, idempotency_key) do nothing
                """,
                mine);
            if (taken == 0)
            {
                taken = await work.Db.ExecuteAsync(
                    """
                    update answers set owner = @owner, taken_at = @now
                    where caller = @caller and idempotency_key = @key and fingerprint = @fingerprint and sealed is null and taken_at < @abandoned
                    """,
                    mine);
            }

            return taken > 0
                ? null
                : await work.Db.QuerySingleAsync<AnswerRow>(
                    "select fingerprint as Fingerprint, owner as Owner, taken_at as TakenAt, sealed as Sealed from answers where caller = @caller and idempotency_key = @key", mine);
        },
        ct);

    public Task KeepAsync(string caller, string key, string sealedAnswer) => workshop.RunAsync(
        (work, _) => work.Db.ExecuteAsync(
            "update answers set sealed = @sealedAnswer where caller = @caller and idempotency_key = @key and owner = @owner", new { caller, key, sealedAnswer, owner = _owner }),
        CancellationToken.None);

    public Task ReleaseAsync(string caller, string key) => workshop.RunAsync(
        (work, _) => work.Db.ExecuteAsync(
            "delete from answers where caller = @caller and idempotency_key = @key and owner = @owner and sealed is null", new { caller, key, owner = _owner }),
        CancellationToken.None);

    /// <summary>Forgets what was used before a time.</summary>
    public Task<int> PruneAsync(DateTimeOffset before, CancellationToken ct) => workshop.RunAsync(
        (work, _) => work.Db.ExecuteAsync("delete from answers where taken_at < @before", new { before = Stamp(before) }), ct);

    private static string Stamp(DateTimeOffset moment) => moment.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
