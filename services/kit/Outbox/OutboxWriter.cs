using System.Data.Common;
using System.Diagnostics;
using System.Text;
using HmsMesh.Contracts;

namespace HmsMesh.Kit;

/// <summary>Saves what a piece of work said, in its transaction: each event gets its id, its sequence, and where it comes from.</summary>
internal sealed class OutboxWriter(MeshSettings settings, Instance instance)
{
    // Who sends a subject's events is settled in the same row: it is this instance unless another one is at it.
    private const string Number =
        """
        INSERT INTO mesh_subject (subject, sequence, holder, held_until) VALUES (@subject, @micros + @more, @me, @until)
        ON CONFLICT (subject) DO UPDATE SET
            sequence = CASE WHEN mesh_subject.sequence + 1 > @micros THEN mesh_subject.sequence + 1 + @more ELSE @micros + @more END,
            held_until = CASE WHEN mesh_subject.holder IN ('', @me) OR mesh_subject.held_until < @now THEN @until ELSE mesh_subject.held_until END,
            holder = CASE WHEN mesh_subject.holder IN ('', @me) OR mesh_subject.held_until < @now THEN @me ELSE mesh_subject.holder END
        RETURNING sequence, holder
        """;

    private const string Insert =
        "INSERT INTO mesh_outbox (id, topic, subject, sequence, event, sent_at) VALUES (@id, @topic, @subject, @sequence, @event, NULL)";

    /// <summary>The subjects whose events this instance is to send after the commit.</summary>
    public async Task<IReadOnlyList<string>> SaveAsync(WorkContext work, CancellationToken cancellationToken)
    {
        if (work.Said.Count == 0)
        {
            return [];
        }

        var now = work.Time.GetUtcNow();
        var mine = new List<string>();

        // In one order for all, so that two transactions that say of the same subjects don't wait for each other.
        foreach (var subject in work.Said.Select(s => (Subject: s.Contract.SubjectOf(s.Data) ?? "", Saying: s)).GroupBy(s => s.Subject, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var said = subject.ToList();
            var (last, holder) = await NumberAsync(work.Db, subject.Key, said.Count, now, cancellationToken).ConfigureAwait(false);
            if (holder == instance.Name)
            {
                mine.Add(subject.Key);
            }

            for (var i = 0; i < said.Count; i++)
            {
                await InsertAsync(work, said[i].Saying, subject.Key, last - said.Count + 1 + i, now, cancellationToken).ConfigureAwait(false);
            }
        }

        return mine;
    }

    private async Task<(long Sequence, string Holder)> NumberAsync(DbConnection connection, string subject, int count, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await connection.ListAsync(
            Number,
            r => (r.GetInt64(0), r.GetString(1)),
            cancellationToken,
            ("subject", subject),
            ("micros", Sequence.Micros(now)),
            ("more", (long)count - 1),
            ("me", instance.Name),
            ("now", now.ToUnixTimeMilliseconds()),
            ("until", (now + Instance.Lease).ToUnixTimeMilliseconds())).ConfigureAwait(false);
        return rows[0];
    }

    private async Task InsertAsync(WorkContext work, Saying saying, string subject, long sequence, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var created = CloudEventFactory.Create(saying.Contract, saying.Data, settings.AppId, now, sequence);
        var cloudEvent = work.Cause is { } cause
            ? created with { CorrelationId = cause.CorrelationId ?? cause.Id, CausationId = cause.Id, TraceParent = TraceOf(cause), TraceState = cause.TraceState }
            : created with { TraceParent = TraceOf(null), TraceState = TraceStateOfNow() };
        await work.Db.RunAsync(
            Insert,
            cancellationToken,
            ("id", cloudEvent.Id),
            ("topic", saying.Contract.Topic),
            ("subject", subject),
            ("sequence", sequence),
            ("event", Encoding.UTF8.GetString(CloudEventJson.Write(cloudEvent)))).ConfigureAwait(false);
    }

    private static string? TraceStateOfNow() =>
        Activity.Current?.TraceStateString is { } state && ContractLimits.FaultOfAttribute(state) is null ? state : null;

    // The span that runs now, if it belongs to the event's trace; else the event's own.
    private static string? TraceOf(CloudEvent? cause) => Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id }
        && (cause?.TraceParent is not { Length: > 35 } parent || id.AsSpan(3, 32).SequenceEqual(parent.AsSpan(3, 32)))
        ? id
        : cause?.TraceParent;
}
