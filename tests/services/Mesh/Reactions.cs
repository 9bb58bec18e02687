using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HmsMesh.Contracts;
using HmsMesh.Kit;

namespace HmsMesh.Services.Tests.Mesh;

/// <summary>One event, three reactions, and their undoing. Each test leaves the facilities as it found them.</summary>
public abstract class Reactions(AfrhMesh afrh)
{
    /// <summary>Loose: the machine may be slow and busy. The bench measures, this only sees that nothing waits for a timer.</summary>
    private static readonly TimeSpan FarFromATimer = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Low_OfOneFacility_IsReactedToThereByAllThree()
    {
        var id = await afrh.PublishAndAwaitAsync("afrh.capacity.low", new { facility = "gulfport", bedsFree = 4 });

        await afrh.ShouldReactAsync("gulfport", true);
        await afrh.ShouldReactAsync("washington", false);
        foreach (var hearer in AfrhMesh.Hearers)
            (await afrh.Mesh.Handled(hearer, id, AfrhMesh.Soon)).Age.ShouldBeLessThan(FarFromATimer, hearer);
        var shift = await afrh.Mesh.Said("staffing", "staffing.shift.scheduled", AfrhMesh.Soon, causedBy: id);
        shift.Subject.ShouldBe("gulfport");
        shift.CorrelationId.ShouldBe(id);
        shift.Data.GetProperty("nurses").GetInt32().ShouldBe(6);
        await afrh.Mesh.Said("supply-chain", "supply.shipment.diverted", AfrhMesh.Soon, causedBy: id);

        var restored = await afrh.PublishAndAwaitAsync("afrh.capacity.restored", new { facility = "gulfport", bedsFree = 48 });

        await afrh.ShouldReactAsync("gulfport", false);
        var released = await afrh.Mesh.Said("staffing", "staffing.shift.released", AfrhMesh.Soon, causedBy: restored);
        released.Data.GetProperty("shiftId").GetString().ShouldBe(shift.Data.GetProperty("shiftId").GetString());
        await afrh.Mesh.Said("supply-chain", "supply.shipment.resumed", AfrhMesh.Soon, causedBy: restored);
    }

    [Fact]
    public async Task Low_WithoutAFacility_IsAboutAll()
    {
        await afrh.PublishAndAwaitAsync("afrh.capacity.low", new { bedsFree = 4 });

        await afrh.ShouldReactAsync("gulfport", true);
        await afrh.ShouldReactAsync("washington", true);

        await afrh.PublishAndAwaitAsync("afrh.capacity.restored", new { bedsFree = 40 });

        await afrh.ShouldReactAsync("gulfport", false);
        await afrh.ShouldReactAsync("washington", false);
    }

    [Fact]
    public async Task Low_Again_SchedulesNoSecondShift()
    {
        await afrh.PublishAndAwaitAsync("afrh.capacity.low", new { facility = "washington", bedsFree = 8 });
        var again = await afrh.PublishAndAwaitAsync("afrh.capacity.low", new { facility = "washington", bedsFree = 3 });

        (await afrh.GetAsync("staffing", "/shifts")).EnumerateArray()
            .Count(s => s.GetProperty("facility").GetString() == "washington" && s.GetProperty("releasedAt").ValueKind == JsonValueKind.Null)
            .ShouldBe(1);
        await afrh.PublishAndAwaitAsync("afrh.capacity.restored", new { facility = "washington", bedsFree = 48 });
        afrh.Mesh.Sayings.ShouldNotContain(s => s.CausationId == again);
    }

    [Fact]
    public async Task Low_OfAFacilityThatNobodyKnows_ChangesNothing()
    {
        await afrh.PublishAndAwaitAsync("afrh.capacity.low", new { facility = "atlantis", bedsFree = 0 });

        await afrh.ShouldReactAsync("gulfport", false);
        await afrh.ShouldReactAsync("washington", false);
    }

    [Fact]
    public async Task Close_OfADormitory_IsTheRealCause()
    {
        using var closed = await afrh.PostAsync("capacity", "/dormitories/gulfport-annex/close");
        closed.StatusCode.ShouldBe(HttpStatusCode.OK);
        var low = await afrh.Mesh.Said("capacity", "afrh.capacity.low", AfrhMesh.Soon);
        low.Subject.ShouldBe("gulfport");
        low.Data.GetProperty("bedsFree").GetInt32().ShouldBe(4);
        await afrh.HandledByAllAsync(low.Id);
        await afrh.ShouldReactAsync("gulfport", true);

        using var again = await afrh.PostAsync("capacity", "/dormitories/gulfport-annex/close");
        again.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var reopened = await afrh.PostAsync("capacity", "/dormitories/gulfport-annex/reopen");
        reopened.StatusCode.ShouldBe(HttpStatusCode.OK);
        var restored = await afrh.Mesh.Said("capacity", "afrh.capacity.restored", AfrhMesh.Soon);
        restored.Data.GetProperty("bedsFree").GetInt32().ShouldBe(48);
        await afrh.HandledByAllAsync(restored.Id);

        await afrh.ShouldReactAsync("gulfport", false);
        string.CompareOrdinal(restored.Sequence, low.Sequence).ShouldBePositive();
        afrh.Mesh.Sayings.Count(s => s.Topic == "afrh.capacity.low").ShouldBe(1);
    }

    [Fact]
    public void Publish_OfWhatBreaksTheContract_IsRefusedBeforeItLeaves() =>
        Should.Throw<ContractException>(() => afrh.Mesh.Event("afrh.capacity.low", new { bedsFree = "four" })).Message.ShouldContain("/bedsFree");

    [Theory]
    [InlineData("staffing")]
    [InlineData("supply-chain")]
    [InlineData("journey")]
    public async Task Arrival_OfWhatBreaksTheContract_IsDroppedAndChangesNothing(string appId)
    {
        var broken = afrh.Mesh.Event("afrh.capacity.low", new { facility = "gulfport", bedsFree = 4 }) with
        {
            Data = JsonSerializer.SerializeToElement(new { facility = "gulfport", bedsFree = -1 }),
        };

        using var answer = await afrh.Mesh.DeliverAsync(appId, broken, TestContext.Current.CancellationToken);

        var arrived = await afrh.Mesh.Arrived("a drop", e => e.AppId == appId && e.Event?.Id == broken.Id, AfrhMesh.Soon);
        arrived.Outcome.ShouldBe(Outcome.Dropped);
        arrived.Reason.ShouldNotBeNull().ShouldContain("/bedsFree");
        (await afrh.ReactsAsync(appId, "gulfport")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("staffing", "/shifts")]
    [InlineData("supply-chain", "/shipments")]
    [InlineData("capacity", "/facilities")]
    public async Task Call_WithoutTheAppToken_IsRefused(string appId, string path)
    {
        using var client = new HttpClient { BaseAddress = afrh.Mesh.Address(appId) };

        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Event_WithoutTheAppToken_IsRefused()
    {
        using var client = new HttpClient { BaseAddress = afrh.Mesh.Address("journey") };

        using var answer = await client.PostAsJsonAsync("/events/afrh.capacity.low", new { }, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
