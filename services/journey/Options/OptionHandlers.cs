using Dapper;
using HmsMesh.Journey.Events;
using HmsMesh.Journey.Stream;
using HmsMesh.Kit;
using Microsoft.Extensions.DependencyInjection;

namespace HmsMesh.Journey.Options;

/// <summary>A facility that is low cannot be applied for; one that has beds again can.</summary>
internal static class OptionHandlers
{
    /// <summary>What is known of a facility's beds: low and restored are news of the same thing.</summary>
    private const string Beds = "beds";

    public static async Task HideAsync(CapacityLow low, Handling handling, CancellationToken ct)
    {
        if (await TurnAsync(low.Facility, canApply: false, handling, ct))
            handling.AfterCommit(() => Log.Hidden(handling.Log, Where(low.Facility), handling.Event.Id, handling.Age.TotalMilliseconds));
    }

    public static async Task ShowAsync(CapacityRestored restored, Handling handling, CancellationToken ct)
    {
        if (await TurnAsync(restored.Facility, canApply: true, handling, ct))
            handling.AfterCommit(() => Log.Shown(handling.Log, Where(restored.Facility), handling.Event.Id, handling.Age.TotalMilliseconds));
    }

    /// <summary>False where the event is not news.</summary>
    private static async Task<bool> TurnAsync(string? facility, bool canApply, Handling handling, CancellationToken ct)
    {
        var known = await handling.Db.QueryAsync<string>("select facility from options order by facility");
        var news = await handling.NewsForAsync(Beds, facility, known, ct);
        foreach (var one in news)
            await handling.TurnAsync(one, canApply);
        if (news.Count > 0)
            handling.AfterCommit(handling.Services.GetRequiredService<OptionFeed>().Wake);
        return news.Count > 0;
    }

    private static string Where(string? facility) => facility ?? "every facility";
}
