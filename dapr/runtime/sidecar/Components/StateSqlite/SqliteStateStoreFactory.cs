using Microsoft.Data.Sqlite;

namespace HmsMesh.Sidecar.Components.StateSqlite;

/// <summary>state.sqlite.</summary>
internal sealed class SqliteStateStoreFactory : IComponentFactory
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(20);
    private static readonly Lazy<bool> Native = new(static () =>
    {
        SQLitePCL.Batteries_V2.Init();
        return true;
    });

    public string Type => "state.sqlite";

    public IReadOnlyList<string> MetadataNames => SqliteStateOptions.Names;

    public async ValueTask<IComponent> CreateAsync(ComponentContext context, CancellationToken cancellationToken)
    {
        _ = Native.Value;
        var options = SqliteStateOptions.Read(context.Metadata);
        try
        {
            return await OpenAsync(options, context.Services.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SqliteException or IOException or UnauthorizedAccessException)
        {
            var fault = context.Metadata.Fault("connectionString", $"names {options.Connection.DataSource}, which can't be opened: {failure.Message}");
            throw new SidecarException(fault.Message, failure);
        }
    }

    /// <summary>SQLite doesn't wait where another one that opens the file sets its journal up or, after a kill, reads it back.</summary>
    private static async ValueTask<SqliteStateStore> OpenAsync(SqliteStateOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var began = time.GetTimestamp(); ;)
        {
            try
            {
                return SqliteStateStore.Open(options, time);
            }
            catch (SqliteException locked) when (locked.SqliteErrorCode == SQLitePCL.raw.SQLITE_BUSY && time.GetElapsedTime(began) < options.Busy)
            {
                await Task.Delay(Again, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
