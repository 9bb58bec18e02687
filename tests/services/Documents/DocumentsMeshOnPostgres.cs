using HmsMesh.Kit.Tests;

namespace HmsMesh.Services.Tests.Documents;

/// <summary>The same on PostgreSQL.</summary>
public sealed class DocumentsMeshOnPostgres : DocumentsMesh
{
    public override async ValueTask InitializeAsync()
    {
        if (PostgresCluster.Missing is not null)
            return;
        var database = await PostgresCluster.NewDatabaseAsync();
        await StartAsync(_ => database);
    }
}
