using HmsMesh.Contracts;
using HmsMesh.Kit;

namespace HmsMesh.Services.Tests.Mesh;

/// <summary>Each handler gets its events shuffled, doubled and late, straight from no broker at all, and must end where the newest
/// event of each facility says.</summary>
public abstract class Orders(AfrhMesh afrh)
{
    private static readonly string[] Facilities = ["gulfport", "washington"];

    public static TheoryData<string, int> Shuffles
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var hearer in AfrhMesh.Hearers)
            {
                for (var seed = 1; seed <= 6; seed++)
                    data.Add(hearer, seed);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shuffles))]
    public async Task Events_ShuffledAndDoubled_EndAtTheNewest(string appId, int seed)
    {
        var random = new Random(seed);
        var first = First(appId);
        var events = Enumerable.Range(0, 8).Select(i => Make(random, first + i)).ToList();
        var arriving = events.Concat(events.Where(_ => random.Next(2) == 0)).OrderBy(_ => random.Next()).ToList();

        foreach (var one in arriving)
            await DeliverAsync(appId, one);

        foreach (var facility in Facilities)
        {
            var newest = events.Where(e => e.Subject is null || e.Subject == facility).MaxBy(e => e.Sequence, StringComparer.Ordinal);
            if (newest is not null)
                (await afrh.ReactsAsync(appId, facility)).ShouldBe(newest.Topic == "afrh.capacity.low", $"{facility}, seed {seed}: {Story(arriving)}");
        }

        foreach (var one in arriving.GroupBy(e => e.Id))
        {
            var outcomes = afrh.Mesh.Arrivals.Where(a => a.AppId == appId && a.Event?.Id == one.Key).Select(a => a.Outcome).ToList();
            outcomes.Count(o => o == Outcome.Handled).ShouldBe(1);
            outcomes.Count(o => o == Outcome.Duplicate).ShouldBe(one.Count() - 1);
        }
    }

    [Theory]
    [InlineData("staffing")]
    [InlineData("supply-chain")]
    [InlineData("journey")]
    public async Task Event_ThatComesLate_ChangesNothingAndCountsAsStale(string appId)
    {
        var first = First(appId);
        var restored = Event("afrh.capacity.restored", "gulfport", first + 1);
        var low = Event("afrh.capacity.low", "gulfport", first);
        await DeliverAsync(appId, restored);

        await DeliverAsync(appId, low);

        (await afrh.ReactsAsync(appId, "gulfport")).ShouldBeFalse();
        var arrival = afrh.Mesh.Arrivals.Single(a => a.AppId == appId && a.Event?.Id == low.Id);
        arrival.Outcome.ShouldBe(Outcome.Handled);
        arrival.IsStale.ShouldBeTrue();
        afrh.Mesh.Arrivals.Single(a => a.AppId == appId && a.Event?.Id == restored.Id).IsStale.ShouldBeFalse();
        afrh.Mesh.Sayings.ShouldNotContain(s => s.CausationId == low.Id);
    }

    [Theory]
    [InlineData("staffing")]
    [InlineData("supply-chain")]
    [InlineData("journey")]
    public async Task Event_AboutAllThatComesLate_IsNewsWhereNothingNewerIsKnown(string appId)
    {
        var first = First(appId);
        await DeliverAsync(appId, Event("afrh.capacity.restored", facility: null, first));
        await DeliverAsync(appId, Event("afrh.capacity.restored", "gulfport", first + 2));

        await DeliverAsync(appId, Event("afrh.capacity.low", facility: null, first + 1));

        (await afrh.ReactsAsync(appId, "gulfport")).ShouldBeFalse();
        (await afrh.ReactsAsync(appId, "washington")).ShouldBeTrue();
        await DeliverAsync(appId, Event("afrh.capacity.restored", facility: null, first + 3));
        (await afrh.ReactsAsync(appId, "washington")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("staffing")]
    [InlineData("supply-chain")]
    [InlineData("journey")]
    public async Task Event_WithoutASequence_IsAlwaysNews(string appId)
    {
        var first = First(appId);
        await DeliverAsync(appId, Event("afrh.capacity.restored", "gulfport", first));

        await DeliverAsync(appId, Event("afrh.capacity.low", "gulfport", first) with { Sequence = null });
        (await afrh.ReactsAsync(appId, "gulfport")).ShouldBeTrue();

        await DeliverAsync(appId, Event("afrh.capacity.restored", "gulfport", first) with { Sequence = null });
        (await afrh.ReactsAsync(appId, "gulfport")).ShouldBeFalse();
    }

    /// <summary>A sequence above all that the service has seen, so that tests on one mesh do not mistake each other's for news.</summary>
    private long First(string appId)
    {
        var seen = afrh.Mesh.Arrivals.Where(a => a.AppId == appId && a.Event?.Sequence is not null)
            .Select(a => long.Parse(a.Event!.Sequence!, System.Globalization.CultureInfo.InvariantCulture)).DefaultIfEmpty(1_000_000).Max();
        return seen + 1;
    }

    private CloudEvent Make(Random random, long sequence)
    {
        var facility = random.Next(5) switch { 0 or 1 => "gulfport", 2 or 3 => "washington", _ => null };
        return Event(random.Next(2) == 0 ? "afrh.capacity.low" : "afrh.capacity.restored", facility, sequence);
    }

    private CloudEvent Event(string topic, string? facility, long sequence) => afrh.Mesh.Event(
        topic,
        facility is null ? new Dictionary<string, object> { ["bedsFree"] = 4 } : new Dictionary<string, object> { ["bedsFree"] = 4, ["facility"] = facility })
        with
    { Sequence = Sequence.Format(sequence) };

    private async Task DeliverAsync(string appId, CloudEvent cloudEvent)
    {
        using var answer = await afrh.Mesh.DeliverAsync(appId, cloudEvent, TestContext.Current.CancellationToken);
        answer.IsSuccessStatusCode.ShouldBeTrue();
    }

    private static string Story(IEnumerable<CloudEvent> events) =>
        string.Join("; ", events.Select(e => $"{e.Sequence} {e.Topic} {e.Subject ?? "all"}"));
}
