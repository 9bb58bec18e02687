using HmsMesh.Kit.Tests;

namespace HmsMesh.Services.Tests.Mesh;

/// <summary>The same four services, each with a PostgreSQL database of its own.</summary>
public sealed class AfrhMeshOnPostgres : AfrhMesh
{
    private static readonly string[] Services = ["capacity", "staffing", "supply-chain", "journey"];

    public override async ValueTask InitializeAsync()
    {
        if (PostgresCluster.Missing is not null)
            return;
        var databases = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var service in Services)
            databases.Add(service, await PostgresCluster.NewDatabaseAsync());
        await StartAsync(databases.GetValueOrDefault);
    }
}
