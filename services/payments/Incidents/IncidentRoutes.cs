using HmsMesh.Kit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HmsMesh.Payments.Incidents;

/// <summary>The latest incidents.</summary>
internal static class IncidentRoutes
{
    private const int Most = 200;

    public static void MapIncidents(this IEndpointRouteBuilder app) => app.MapGet("/incidents", ListAsync).Needs(Scopes.Operate);

    private static async Task<Ok<List<IncidentView>>> ListAsync(IWorkshop workshop, CancellationToken ct)
    {
        var rows = await workshop.ReadAsync((db, _) => db.IncidentsAsync(Most), ct);
        return TypedResults.Ok(rows.Select(r => r.View).ToList());
    }
}
