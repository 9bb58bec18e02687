using System.Data.Common;

namespace HmsMesh.Kit;

/// <summary>Brings the database to the form that the program needs: all missing files in one transaction, under a lock, so that two
/// instances can start at once and none sees half of it.</summary>
internal static class Migrator
{
    private const string VersionTable =
        "CREATE TABLE IF NOT EXISTS mesh_schema (part TEXT NOT NULL, number BIGINT NOT NULL, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL, PRIMARY KEY (part, number))";

    public static async Task<int> ApplyAsync(Database database, IReadOnlyList<Migration> migrations, TimeProvider time, CancellationToken cancellationToken)
    {
        var session = await database.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            var connection = session.Connection;
            await database.LockForMigrationAsync(connection, cancellationToken).ConfigureAwait(false);
            await connection.RunAsync(VersionTable, cancellationToken).ConfigureAwait(false);
            var missing = Missing(migrations, await AppliedAsync(connection, cancellationToken).ConfigureAwait(false));
            foreach (var migration in missing)
            {
                await ApplyAsync(connection, migration, time, cancellationToken).ConfigureAwait(false);
            }

            await session.CommitAsync().ConfigureAwait(false);
            return missing.Count;
        }
    }

    private static async Task<Dictionary<(string, int), (string Name, string Checksum)>> AppliedAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var rows = await connection.ListAsync(
            "SELECT part, number, name, checksum FROM mesh_schema",
            r => (Part: r.GetString(0), Number: (int)r.GetInt64(1), Name: r.GetString(2), Checksum: r.GetString(3)),
            cancellationToken).ConfigureAwait(false);
        return rows.ToDictionary(r => (r.Part, r.Number), r => (r.Name, r.Checksum));
    }

    private static List<Migration> Missing(IReadOnlyList<Migration> migrations, Dictionary<(string, int), (string Name, string Checksum)> applied)
    {
        var missing = new List<Migration>();
        foreach (var migration in migrations)
        {
            if (!applied.TryGetValue((migration.Part, migration.Number), out var done))
            {
                missing.Add(migration);
            }
            else if (done.Checksum != migration.Checksum)
            {
                throw new MigrationException(
                    $"database/{migration.Name} was applied as {done.Name} and has been changed since. Put the change into a new file with the next number.");
            }
        }

        return missing;
    }

    private static async Task ApplyAsync(DbConnection connection, Migration migration, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await connection.RunAsync(migration.Text, cancellationToken).ConfigureAwait(false);
        }
        catch (DbException e)
        {
            throw new MigrationException($"database/{migration.Name} failed: {e.Message}", e);
        }

        await connection.RunAsync(
            "INSERT INTO mesh_schema (part, number, name, checksum, applied_at) VALUES (@part, @number, @name, @checksum, @now)",
            cancellationToken,
            ("part", migration.Part),
            ("number", (long)migration.Number),
            ("name", migration.Name),
            ("checksum", migration.Checksum),
            ("now", time.GetUtcNow().ToUnixTimeMilliseconds())).ConfigureAwait(false);
    }
}
