using Dapper;
using HmsMesh.Kit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HmsMesh.Staffing.Shifts;

/// <summary>The shifts, latest first.</summary>
internal static class ShiftRoutes
{
    private const int Most = 200;

    public static void MapShifts(this IEndpointRouteBuilder app) => app.MapGet("/shifts", ListAsync);

    private static async Task<Ok<List<Shift>>> ListAsync(IWorkshop workshop, CancellationToken ct) => TypedResults.Ok(
        await workshop.ReadAsync(
            async (db, _) => (await db.QueryAsync<Shift>(
                """
                select id as Id, facility as Facility, nurses as Nurses, scheduled_at as ScheduledAt, released_at as ReleasedAt
                from shifts order by scheduled_at desc, id desc limit @Most
                """,
                new { Most })).AsList(),
            ct));
}
