using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace HmsMesh.Kit.Tests;

/// <summary>A service such as those of the mesh: it schedules nurses where beds are low. Run as a process of its own by the tests that
/// kill it, inside the test process by the others.</summary>
internal static class SampleService
{
    public static MeshService Create(string[] args)
    {
        var mesh = MeshService.Create(args);
        mesh.Services.TryAddSingleton(new Hooks());
        mesh.Says<ShiftScheduled>("shift.scheduled");
        mesh.Hears<BedsLow>("beds.low", ScheduleAsync);
        if (mesh.AppId == "lost")
        {
            mesh.Says<ShiftScheduled>("shift.lost");
        }

        mesh.Routes(app =>
        {
            app.MapGet("/page", () => "a page").Public();
            app.MapGet("/shifts", (IWorkshop workshop, CancellationToken ct) =>
                workshop.ReadAsync((db, _) => db.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM shift"), ct));
            app.MapPost("/shifts", async (ShiftScheduled shift, IWorkshop workshop, CancellationToken ct) =>
            {
                await workshop.RunAsync(async (work, _) => await SaveAsync(work, "route", shift), ct);
                return Results.NoContent();
            });
        });
        return mesh;
    }

    private static async Task ScheduleAsync(BedsLow low, Handling handling, CancellationToken cancellationToken)
    {
        var hooks = handling.Services.GetRequiredService<Hooks>();
        var facility = low.Facility ?? "*";
        if (!await handling.IsNewerAsync("beds", facility, cancellationToken))
        {
            return;
        }

        await SaveAsync(handling, handling.Event.Id, new ShiftScheduled(facility, 2, 600.07m, low.Note));
        handling.AfterCommit(() => hooks.AfterCommit(handling.Event.Id));
        await hooks.BeforeCommitAsync(low, handling, cancellationToken);
    }

    private static async Task SaveAsync(Work work, string eventId, ShiftScheduled shift)
    {
        await work.Db.ExecuteAsync(
            "INSERT INTO shift (facility, event, nurses) VALUES (@Facility, @eventId, @Nurses)", new { shift.Facility, eventId, shift.Nurses });
        work.Say("shift.scheduled", shift);
    }
}
