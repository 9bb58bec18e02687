using Microsoft.Data.Sqlite;

namespace HmsMesh.Sidecar.Components.StateSqlite;

/// <summary>state.sqlite.</summary>
internal sealed class SqliteStateStoreFactory : IComponentFactory
{
    private static readonly Lazy<bool> s_native = new(static () =>
    {
        SQLitePCL.Batteries_V2.Init();
        return true;
    });

    public string Type => "state.sqlite";

    public IReadOnlyList<string> MetadataNames => SqliteStateOptions.Names;

    public ValueTask<IComponent> CreateAsync(ComponentContext context, CancellationToken cancellationToken)
    {
        _ = s_native.Value;
        var options = SqliteStateOptions.Read(context.Metadata);
        try
        {
            return new(SqliteStateStore.Open(options, context.Services.Time));
        }
        catch (Exception failure) when (failure is SqliteException or IOException or UnauthorizedAccessException)
        {
            var fault = context.Metadata.Fault("connectionString", $"names {options.Connection.DataSource}, which can't be opened: {failure.Message}");
            throw new SidecarException(fault.Message, failure);
        }
    }
}
