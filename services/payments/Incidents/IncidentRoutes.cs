using HmsMesh.Kit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HmsMesh.Payments.Incidents;

/// <summary>The latest incidents.</summary>
internal static class IncidentRoutes
{
    private const int Most = 200;

    public static void MapIncidents(this IEndpointRouteBuilder app) => app.MapGet("/incidents", ListAsync).Needs(Scopes.Operate);

    private static async Task<Results<Ok<List<IncidentView>>, ProblemHttpResult>> ListAsync(int? take, IWorkshop workshop, CancellationToken ct)
    {
        if (take is < 1 or > Most)
            return Faults.OfTake(Most);
        var rows = await workshop.ReadAsync((db, _) => db.IncidentsAsync(take ?? Most), ct);
        return TypedResults.Ok(rows.Select(r => r.View).ToList());
    }
}
