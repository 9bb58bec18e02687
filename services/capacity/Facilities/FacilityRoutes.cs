using HmsMesh.Capacity.Dormitories;
using HmsMesh.Kit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HmsMesh.Capacity.Facilities;

/// <summary>Who has how many beds.</summary>
internal static class FacilityRoutes
{
    public static void MapFacilities(this IEndpointRouteBuilder app) => app.MapGet("/facilities", ListAsync);

    private static async Task<Ok<List<FacilityView>>> ListAsync(IWorkshop workshop, CancellationToken ct) => TypedResults.Ok(
        await workshop.ReadAsync(
            async (db, _) =>
            {
                var dormitories = (await db.DormitoriesAsync(facility: null)).ToLookup(d => d.Facility);
                return (await db.FacilitiesAsync()).ConvertAll(f => new Site(f, dormitories[f.Id]).View);
            },
            ct));
}
