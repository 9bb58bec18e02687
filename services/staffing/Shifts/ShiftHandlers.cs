using System.Globalization;
using Dapper;
using HmsMesh.Kit;
using HmsMesh.Staffing.Events;

namespace HmsMesh.Staffing.Shifts;

/// <summary>A facility that is low gets its extra nurses, once; one that has beds again lets them go.</summary>
internal static class ShiftHandlers
{
    /// <summary>What is known of a facility's beds: low and restored are news of the same thing.</summary>
    private const string Beds = "beds";

    public static async Task ScheduleAsync(CapacityLow low, Handling handling, CancellationToken ct)
    {
        var nurses = 0;
        var facilities = await NewsForAsync(low.Facility, handling, ct);
        foreach (var facility in facilities)
        {
            var shift = await handling.Db.QuerySingleOrDefaultAsync<Shift>(
                """
                insert into shifts (id, facility, nurses, scheduled_at)
                select @id, facility, nurses, @now from pools where facility = @facility
                on conflict (facility) where released_at is null do nothing
                returning id as Id, facility as Facility, nurses as Nurses
                """,
                new { id = Guid.CreateVersion7(handling.Time.GetUtcNow()).ToString(), facility, now = Now(handling) });
            if (shift is null)
                continue;
            nurses += shift.Nurses;
            handling.Say("staffing.shift.scheduled", new ShiftScheduled(shift.Id, shift.Facility, shift.Nurses));
        }

        if (facilities.Count > 0)
            handling.AfterCommit(() => Log.Scheduled(handling.Log, nurses, Where(low.Facility), handling.Event.Id, handling.Age.TotalMilliseconds));
    }

    public static async Task ReleaseAsync(CapacityRestored restored, Handling handling, CancellationToken ct)
    {
        var nurses = 0;
        var facilities = await NewsForAsync(restored.Facility, handling, ct);
        foreach (var facility in facilities)
        {
            var shift = await handling.Db.QuerySingleOrDefaultAsync<Shift>(
                """
                update shifts set released_at = @now where facility = @facility and released_at is null
                returning id as Id, facility as Facility, nurses as Nurses
                """,
                new { facility, now = Now(handling) });
            if (shift is null)
                continue;
            nurses += shift.Nurses;
            handling.Say("staffing.shift.released", new ShiftReleased(shift.Id, shift.Facility, shift.Nurses));
        }

        if (facilities.Count > 0)
            handling.AfterCommit(() => Log.Released(handling.Log, nurses, Where(restored.Facility), handling.Event.Id, handling.Age.TotalMilliseconds));
    }

    private static async Task<IReadOnlyList<string>> NewsForAsync(string? facility, Handling handling, CancellationToken ct)
    {
        var known = await handling.Db.QueryAsync<string>("select facility from pools order by facility");
        return await handling.NewsForAsync(Beds, facility, known, ct);
    }

    private static string Where(string? facility) => facility ?? "every facility";

    private static string Now(Handling handling) => handling.Time.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
