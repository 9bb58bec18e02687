using Dapper;
using HmsMesh.Kit;
using HmsMesh.SupplyChain.Events;

namespace HmsMesh.SupplyChain.Shipments;

/// <summary>Meals for a facility that is low go elsewhere; when it has beds again they come home.</summary>
internal static class ShipmentHandlers
{
    /// <summary>What is known of a facility's beds: low and restored are news of the same thing.</summary>
    private const string Beds = "beds";

    public static async Task DivertAsync(CapacityLow low, Handling handling, CancellationToken ct)
    {
        var diverted = 0;
        var facilities = await NewsForAsync(low.Facility, handling, ct);
        foreach (var facility in facilities)
        {
            var shipments = await handling.Db.QueryAsync<Shipment>(
                """
                update shipments set destination = fallback where facility = @facility and destination <> fallback
                returning id as Id, facility as Facility, destination as Destination
                """,
                new { facility });
            foreach (var shipment in shipments.OrderBy(s => s.Id, StringComparer.Ordinal))
            {
                handling.Say("supply.shipment.diverted", new ShipmentDiverted(shipment.Id, shipment.Facility, shipment.Destination));
                diverted++;
            }
        }

        if (facilities.Count > 0)
            handling.AfterCommit(() => Log.Diverted(handling.Log, diverted, Where(low.Facility), handling.Event.Id, handling.Age.TotalMilliseconds));
    }

    public static async Task ResumeAsync(CapacityRestored restored, Handling handling, CancellationToken ct)
    {
        var resumed = 0;
        var facilities = await NewsForAsync(restored.Facility, handling, ct);
        foreach (var facility in facilities)
        {
            var shipments = await handling.Db.QueryAsync<Shipment>(
                """
                update shipments set destination = home where facility = @facility and destination <> home
                returning id as Id, facility as Facility, destination as Destination
                """,
                new { facility });
            foreach (var shipment in shipments.OrderBy(s => s.Id, StringComparer.Ordinal))
            {
                handling.Say("supply.shipment.resumed", new ShipmentResumed(shipment.Id, shipment.Facility, shipment.Destination));
                resumed++;
            }
        }

        if (facilities.Count > 0)
            handling.AfterCommit(() => Log.Resumed(handling.Log, resumed, Where(restored.Facility), handling.Event.Id, handling.Age.TotalMilliseconds));
    }

    private static async Task<IReadOnlyList<string>> NewsForAsync(string? facility, Handling handling, CancellationToken ct)
    {
        var known = await handling.Db.QueryAsync<string>("select distinct facility from shipments order by facility");
        return await handling.NewsForAsync(Beds, facility, known, ct);
    }

    private static string Where(string? facility) => facility ?? "every facility";
}
