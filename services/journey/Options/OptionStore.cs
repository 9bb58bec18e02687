using Dapper;
using HmsMesh.Kit;

namespace HmsMesh.Journey.Options;

/// <summary>The options in the database.</summary>
internal static class OptionStore
{
    public static Task<List<Option>> OptionsAsync(this IWorkshop workshop, CancellationToken ct) =>
        workshop.ReadAsync(
            async (db, _) => (await db.QueryAsync<Option>(
                """
                select facility as Facility, name as Name, place as Place, about as About, can_apply as CanApply, version as Version
                from options order by name
                """)).AsList(),
            ct);

    /// <summary>Turns an option on or off under the next version; false where it was so already.</summary>
    public static async Task<bool> TurnAsync(this Work work, string facility, bool canApply)
    {
        var changed = await work.Db.ExecuteAsync(
            "update options set can_apply = @canApply where facility = @facility and can_apply <> @canApply",
            new { facility, canApply = canApply ? 1 : 0 });
        if (changed == 0)
            return false;
        // The counter's row is locked from here to the commit, so versions become visible in their order.
        await work.Db.ExecuteAsync("update versions set value = value + 1 where name = 'options'");
        await work.Db.ExecuteAsync(
            "update options set version = (select value from versions where name = 'options') where facility = @facility", new { facility });
        return true;
    }
}
