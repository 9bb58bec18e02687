using System.Data.Common;
using Dapper;
using HmsMesh.Capacity.Dormitories;
using HmsMesh.Capacity.Events;
using HmsMesh.Kit;

namespace HmsMesh.Capacity.Facilities;

/// <summary>Facilities and dormitories in the database. A changed site is saved and said in the same transaction.</summary>
internal static class SiteStore
{
    public static async Task<List<Facility>> FacilitiesAsync(this DbConnection db) =>
        (await db.QueryAsync<Facility>("select id, name, threshold, low from facilities order by id")).AsList();

    public static async Task<List<Dormitory>> DormitoriesAsync(this DbConnection db, string? facility) =>
        (await db.QueryAsync<Dormitory>(
            """
            select id, facility, name, beds, residents, closed from dormitories
            where cast(@facility as varchar(64)) is null or facility = @facility
            order by id
            """,
            new { facility })).AsList();

    public static Task<Dormitory?> DormitoryAsync(this DbConnection db, string id) =>
        db.QuerySingleOrDefaultAsync<Dormitory>(
            "select id, facility, name, beds, residents, closed from dormitories where id = @id", new { id });

    /// <summary>The site of a dormitory, for a change: its row is locked first, so that two changes of one facility follow each
    /// other and the edge is seen by exactly one of them. Null where there is no such dormitory.</summary>
    public static async Task<Site?> LockSiteAsync(this Work work, string dormitory)
    {
        var facility = await work.Db.QuerySingleOrDefaultAsync<Facility>(
            """
            update facilities set low = low
            where id = (select facility from dormitories where id = @dormitory)
            returning id, name, threshold, low
            """,
            new { dormitory });
        return facility is null ? null : new Site(facility, await work.Db.DormitoriesAsync(facility.Id));
    }

    public static async Task SaveAsync(this Work work, Site site)
    {
        foreach (var dormitory in site.Changed)
        {
            await work.Db.ExecuteAsync(
                "update dormitories set residents = @Residents, closed = @closed where id = @Id",
                new { dormitory.Id, dormitory.Residents, closed = dormitory.Closed ? 1 : 0 });
        }

        var facility = site.Facility;
        if (site.Alarm == Alarm.None)
            return;
        await work.Db.ExecuteAsync("update facilities set low = @low where id = @Id", new { facility.Id, low = site.IsLow ? 1 : 0 });
        if (site.IsLow)
        {
            work.Say("afrh.capacity.low", new CapacityLow(site.BedsFree, facility.Id));
            work.AfterCommit(() => Log.Low(work.Log, facility.Id, site.BedsFree, facility.Threshold));
        }
        else
        {
            work.Say("afrh.capacity.restored", new CapacityRestored(site.BedsFree, facility.Id));
            work.AfterCommit(() => Log.Restored(work.Log, facility.Id, site.BedsFree, facility.Threshold));
        }
    }
}
