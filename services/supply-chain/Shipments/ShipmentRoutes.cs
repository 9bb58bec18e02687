using Dapper;
using HmsMesh.Kit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HmsMesh.SupplyChain.Shipments;

/// <summary>The shipments and where they go now.</summary>
internal static class ShipmentRoutes
{
    public static void MapShipments(this IEndpointRouteBuilder app) => app.MapGet("/shipments", ListAsync);

    private static async Task<Ok<List<Shipment>>> ListAsync(IWorkshop workshop, CancellationToken ct) => TypedResults.Ok(
        await workshop.ReadAsync(
            async (db, _) => (await db.QueryAsync<Shipment>(
                """
                select id as Id, facility as Facility, contents as Contents, destination as Destination,
                       case when destination = home then 0 else 1 end as Diverted
                from shipments order by id
                """)).AsList(),
            ct));
}
