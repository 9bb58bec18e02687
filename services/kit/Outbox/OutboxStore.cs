using System.Data.Common;

namespace HmsMesh.Kit;

/// <summary>The relay's view of the outbox. Rows are found by their state: a row that was committed late is found as well.</summary>
internal sealed class OutboxStore(Database database, Instance instance, TimeProvider time)
{
    public const int BatchSize = 100;

    private const string Waiting =
        "SELECT id, topic, event FROM mesh_outbox WHERE sent_at IS NULL AND subject = @subject ORDER BY sequence LIMIT 100";

    private const string Subjects =
        """
        SELECT DISTINCT o.subject FROM mesh_outbox o JOIN mesh_subject s ON s.subject = o.subject
        WHERE o.sent_at IS NULL AND (s.holder IN ('', @me) OR s.held_until < @now) LIMIT 256
        """;

    private const string Hold =
        "UPDATE mesh_subject SET holder = @me, held_until = @until WHERE subject = @subject AND (holder IN ('', @me) OR held_until < @now)";

    private const string Lock = "UPDATE mesh_subject SET held_until = held_until WHERE subject = @subject";
    private const string Mark = "UPDATE mesh_outbox SET sent_at = @now WHERE id = @id";
    private const string AnyWaiting = "SELECT 1 FROM mesh_outbox WHERE sent_at IS NULL AND subject = @subject LIMIT 1";
    private const string Release = "UPDATE mesh_subject SET holder = '', held_until = 0 WHERE subject = @subject AND holder = @me";
    private const string ReleaseAll = "UPDATE mesh_subject SET holder = '', held_until = 0 WHERE holder = @me";

    public Task<List<OutboxRow>> WaitingAsync(string subject, CancellationToken cancellationToken) => database.ReadAsync(
        (c, token) => c.ListAsync(Waiting, r => new OutboxRow(r.GetString(0), r.GetString(1), r.GetString(2)), token, ("subject", subject)),
        cancellationToken);

    /// <summary>Subjects with events that nobody alive sends.</summary>
    public Task<List<string>> FreeSubjectsAsync(CancellationToken cancellationToken) => database.ReadAsync(
        (c, token) => c.ListAsync(Subjects, r => r.GetString(0), token, ("me", instance.Name), ("now", Now())),
        cancellationToken);

    /// <summary>How many events wait.</summary>
    public async Task<long> CountWaitingAsync(CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            (c, token) => c.ListAsync("SELECT COUNT(*) FROM mesh_outbox WHERE sent_at IS NULL", r => r.GetInt64(0), token),
            cancellationToken).ConfigureAwait(false);
        return rows[0];
    }

    /// <summary>Takes or renews the lease of a subject; false where another instance has it.</summary>
    public async Task<bool> HoldAsync(string subject, CancellationToken cancellationToken)
    {
        var session = await database.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            var changed = await session.Connection.RunAsync(
                Hold,
                cancellationToken,
                ("me", instance.Name),
                ("subject", subject),
                ("now", Now()),
                ("until", Now() + (long)Instance.Lease.TotalMilliseconds)).ConfigureAwait(false);
            await session.CommitAsync().ConfigureAwait(false);
            return changed == 1;
        }
    }

    /// <summary>Marks what was sent, of several subjects in one commit, and lets go of subjects that have no more.</summary>
    /// <returns>For each mark, whether its subject has more.</returns>
    public async Task<bool[]> MarkAsync(IReadOnlyList<SentMark> marks, CancellationToken cancellationToken)
    {
        var session = await database.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            var more = new bool[marks.Count];

            // In the order in which those who say events take the same rows.
            foreach (var i in Enumerable.Range(0, marks.Count).OrderBy(i => marks[i].Subject, StringComparer.Ordinal))
            {
                more[i] = await MarkAsync(session.Connection, marks[i], cancellationToken).ConfigureAwait(false);
            }

            await session.CommitAsync().ConfigureAwait(false);
            return more;
        }
    }

    public async Task ReleaseAllAsync(CancellationToken cancellationToken)
    {
        var session = await database.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            await session.Connection.RunAsync(ReleaseAll, cancellationToken, ("me", instance.Name)).ConfigureAwait(false);
            await session.CommitAsync().ConfigureAwait(false);
        }
    }

    private async Task<bool> MarkAsync(DbConnection connection, SentMark mark, CancellationToken cancellationToken)
    {
        // First the lock, then the look: what was committed before it is seen, what comes after it finds the subject free.
        await connection.RunAsync(Lock, cancellationToken, ("subject", mark.Subject)).ConfigureAwait(false);
        foreach (var id in mark.Ids)
        {
            await connection.RunAsync(Mark, cancellationToken, ("now", Now()), ("id", id)).ConfigureAwait(false);
        }

        var waiting = await connection.ListAsync(AnyWaiting, _ => true, cancellationToken, ("subject", mark.Subject)).ConfigureAwait(false);
        if (waiting.Count == 0)
        {
            await connection.RunAsync(Release, cancellationToken, ("subject", mark.Subject), ("me", instance.Name)).ConfigureAwait(false);
        }

        return waiting.Count > 0;
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
