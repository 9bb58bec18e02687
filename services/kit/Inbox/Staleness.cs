using System.Data.Common;
using HmsMesh.Contracts;

namespace HmsMesh.Kit;

/// <summary>Tells events that come late from newer ones, by the last sequence of each item of a state.</summary>
internal static class Staleness
{
    // Also the lock: from here to the commit nobody else judges an event of this state, so that "all" and one item cannot pass each other.
    private const string Lock =
        "INSERT INTO mesh_state (state, item, sequence) VALUES (@state, '*', '') ON CONFLICT (state, item) DO UPDATE SET sequence = mesh_state.sequence";

    private const string Last = "SELECT sequence FROM mesh_state WHERE state = @state AND item IN ('*', @item)";

    private const string Keep =
        "INSERT INTO mesh_state (state, item, sequence) VALUES (@state, @item, @sequence) ON CONFLICT (state, item) DO UPDATE SET sequence = excluded.sequence";

    public static async Task<bool> IsNewerAsync(DbConnection db, CloudEvent cloudEvent, string state, string key, CancellationToken cancellationToken)
    {
        if (cloudEvent.Sequence is not { } sequence)
        {
            return true;
        }

        await db.RunAsync(Lock, cancellationToken, ("state", state)).ConfigureAwait(false);
        var last = await db.ListAsync(Last, r => r.GetString(0), cancellationToken, ("state", state), ("item", key)).ConfigureAwait(false);

        // CloudEvents orders sequences as text; a database's collation might not.
        if (last.Exists(s => string.CompareOrdinal(sequence, s) <= 0))
        {
            return false;
        }

        await db.RunAsync(Keep, cancellationToken, ("state", state), ("item", key), ("sequence", sequence)).ConfigureAwait(false);
        return true;
    }
}
