namespace HmsMesh.Services.Tests.Mesh;

/// <summary>A service that is away misses nothing and holds up nobody.</summary>
[Trait("Category", "Slow")]
public class OutageTests(AfrhMesh afrh) : IClassFixture<AfrhMesh>
{
    [Fact]
    public async Task Start_AfterTwoEventsWereMissed_BringsBothInOrder()
    {
        var ct = TestContext.Current.CancellationToken;
        await afrh.Mesh.StopAsync("supply-chain", ct);

        var low = await afrh.Mesh.PublishAsync("afrh.capacity.low", new { facility = "gulfport", bedsFree = 4 }, ct);
        var lower = await afrh.Mesh.PublishAsync("afrh.capacity.low", new { facility = "gulfport", bedsFree = 2 }, ct);
        foreach (var other in (string[])["staffing", "journey"])
        {
            await afrh.Mesh.Handled(other, low, AfrhMesh.Soon);
            await afrh.Mesh.Handled(other, lower, AfrhMesh.Soon);
        }

        afrh.Mesh.Arrivals.ShouldNotContain(a => a.AppId == "supply-chain" && a.Event != null && a.Event.Id == low);
        await afrh.Mesh.StartAsync("supply-chain", ct);

        await afrh.Mesh.Handled("supply-chain", low, AfrhMesh.Soon);
        await afrh.Mesh.Handled("supply-chain", lower, AfrhMesh.Soon);
        afrh.Mesh.Arrivals.Where(a => a.AppId == "supply-chain").Select(a => a.Event!.Id).ShouldBe([low, lower]);
        (await afrh.ReactsAsync("supply-chain", "gulfport")).ShouldBeTrue();
    }
}
