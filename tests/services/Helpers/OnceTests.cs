namespace HmsMesh.Services.Tests.Helpers;

/// <summary>The helpers of Node and Python handle each event once: real processes, sidecars and broker.</summary>
[Trait("Category", "Slow")]
public class OnceTests
{
    private readonly string _id = $"{Guid.NewGuid()}";

    public static TheoryData<string> Languages => ["node", "python"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static object Order => new { orderId = "order-1" };

    [Theory, MemberData(nameof(Languages))]
    public async Task Event_DeliveredWhileItsHandlerRuns_RunsItOnceAndAllGetTheAnswer(string language)
    {
        await using var mesh = await HelperMesh.StartAsync(language);
        mesh.CloseGate();
        var first = mesh.First.DeliverAsync(_id, Order, Ct);
        await mesh.BegunAsync(_id);
        var others = Enumerable.Range(0, 8).Select(_ => mesh.First.DeliverAsync(_id, Order, Ct)).ToList();

        // What was sent before this one has arrived when this one runs.
        var last = mesh.First.DeliverAsync($"{_id}-2", new { orderId = "order-2" }, Ct);
        await mesh.BegunAsync($"{_id}-2");
        mesh.OpenGate();

        // One that is slower than the handler hears that it is done already.
        (await Task.WhenAll([first, .. others, last])).ShouldAllBe(answer => answer.StartsWith("SUCCESS"));
        mesh.Starts(_id).ShouldBe(1);
        (await mesh.CountAsync()).ShouldBe(1);
        (await mesh.SaidAsync()).Count(said => said.GetProperty("causationid").GetString() == _id).ShouldBe(1);
        (await mesh.First.DeliverAsync(_id, Order, Ct)).ShouldBe("SUCCESS already");
        mesh.Starts(_id).ShouldBe(1);
    }

    [Theory, MemberData(nameof(Languages))]
    public async Task Event_DeliveredToTwoInstances_RunsOnOneAndBothAnswer(string language)
    {
        await using var mesh = await HelperMesh.StartAsync(language, instances: 2);
        mesh.CloseGate();
        var first = mesh.First.DeliverAsync(_id, Order, Ct);
        await mesh.BegunAsync(_id);
        var second = mesh.Second.DeliverAsync(_id, Order, Ct);
        var other = mesh.Second.DeliverAsync($"{_id}-2", Order, Ct);
        await mesh.BegunAsync($"{_id}-2");
        mesh.OpenGate();

        (await first).ShouldBe("SUCCESS");
        (await second).ShouldBe("SUCCESS already");
        (await other).ShouldBe("SUCCESS");
        mesh.Starts(_id).ShouldBe(mesh.First.Begun(_id));

        // The other event changed the same count at the same time: whoever came second has counted anew.
        (await mesh.CountAsync()).ShouldBe(2);
        var said = await mesh.SaidAsync();
        said.Select(one => one.GetProperty("data").GetProperty("count").GetInt32()).Order().ShouldBe([1, 2]);
        said.Select(one => one.GetProperty("sequence").GetString()).Distinct().Count().ShouldBe(2);
    }

    [Theory, MemberData(nameof(Languages))]
    public async Task Kill_InTheHandler_ItRunsAgainAndHasItsEffectOnce(string language)
    {
        await using var mesh = await HelperMesh.StartAsync(language);
        mesh.CloseGate();
        await mesh.PublishAsync(_id, Order);
        await mesh.BegunAsync(_id);
        await mesh.First.KillAsync();
        mesh.OpenGate();
        await mesh.First.StartAsync();

        await Eventually(async () => await mesh.CountAsync() == 1, mesh);
        await Eventually(async () => (await mesh.SaidAsync()).Count == 1, mesh);
        (await mesh.First.DeliverAsync(_id, Order, Ct)).ShouldStartWith("SUCCESS");
        mesh.Starts(_id).ShouldBe(2);
        (await mesh.CountAsync()).ShouldBe(1);
        (await mesh.SaidAsync()).ShouldHaveSingleItem();
    }

    [Theory, MemberData(nameof(Languages))]
    public async Task Kill_OfOneOfTwoInstances_TheOtherTakesTheEventWhenTheClaimHasPassed(string language)
    {
        await using var mesh = await HelperMesh.StartAsync(language, instances: 2);
        mesh.CloseGate();
        var lost = mesh.First.DeliverAsync(_id, Order, Ct);
        await mesh.BegunAsync(_id);
        await mesh.First.KillAsync();
        mesh.OpenGate();

        await Should.ThrowAsync<HttpRequestException>(lost);
        (await mesh.Second.DeliverAsync(_id, Order, Ct)).ShouldBe("SUCCESS");
        mesh.Second.Begun(_id).ShouldBe(1);
        (await mesh.CountAsync()).ShouldBe(1);
        (await mesh.SaidAsync()).ShouldHaveSingleItem();
    }

    [Theory, MemberData(nameof(Languages))]
    public async Task Saying_ThatTheSidecarRefuses_IsSaidLaterAndTheHandlerRunsNoMore(string language)
    {
        await using var mesh = await HelperMesh.StartAsync(language, maySay: false);
        (await mesh.First.DeliverAsync(_id, Order, Ct)).ShouldBe("RETRY");
        (await mesh.CountAsync()).ShouldBe(1);
        (await mesh.SaidAsync()).ShouldBeEmpty();

        // A crash in between changes nothing of it.
        await mesh.First.KillAsync();
        await mesh.StartSidecarsAsync(maySay: true);
        await mesh.First.StartAsync();

        (await mesh.First.DeliverAsync(_id, Order, Ct)).ShouldBe("SUCCESS");
        (await mesh.First.DeliverAsync(_id, Order, Ct)).ShouldBe("SUCCESS already");
        mesh.Starts(_id).ShouldBe(1);
        (await mesh.CountAsync()).ShouldBe(1);
        (await mesh.SaidAsync()).ShouldHaveSingleItem();
    }

    [Theory, MemberData(nameof(Languages))]
    public async Task Handler_ThatFails_SavesNothingAndRunsAgainAtOnce(string language)
    {
        await using var mesh = await HelperMesh.StartAsync(language, instances: 2);
        var order = new { orderId = "order-1", fails = true };

        (await mesh.First.DeliverAsync(_id, order, Ct)).ShouldBe("RETRY");
        (await mesh.CountAsync()).ShouldBe(0);
        (await mesh.First.DeliverAsync(_id, order, Ct)).ShouldBe("SUCCESS");
        (await mesh.Second.DeliverAsync(_id, order, Ct)).ShouldBe("SUCCESS already");

        mesh.Starts(_id).ShouldBe(2);
        (await mesh.CountAsync()).ShouldBe(1);
        (await mesh.SaidAsync()).ShouldHaveSingleItem();
    }

    [Theory, MemberData(nameof(Languages))]
    public async Task Event_ThatIsNone_IsDropped(string language)
    {
        await using var mesh = await HelperMesh.StartAsync(language);
        string[] bad =
        [
            "", "x", "[]", "null", "{}",
            """{"specversion":"1.0","source":"tests","type":"t","data":{"orderId":"1"}}""",
            """{"specversion":"1.0","id":"","source":"tests","type":"t","data":{"orderId":"1"}}""",
            """{"specversion":"1.0","id":7,"source":"tests","type":"t","data":{"orderId":"1"}}""",
            """{"specversion":"0.3","id":"1","source":"tests","type":"t","data":{"orderId":"1"}}""",
            """{"specversion":"1.0","id":"1","source":"tests","type":"t"}""",
            """{"specversion":"1.0","id":"1","source":"tests","type":"t","data":{"orderId":1}}""",
            """{"specversion":"1.0","id":"ID","source":"tests","type":"t","data":{"orderId":"1"}}""".Replace("ID", new string('x', 513), StringComparison.Ordinal),
        ];

        foreach (var body in bad)
            (await mesh.First.DeliverRawAsync(body, Ct)).ShouldBe("DROP", body);
        foreach (var id in (string[])["a||b", new string('ü', 512)])
        {
            (await mesh.First.DeliverAsync(id, Order, Ct)).ShouldBe("SUCCESS");
            (await mesh.First.DeliverAsync(id, Order, Ct)).ShouldBe("SUCCESS already");
        }
    }

    private static Task Eventually(Func<Task<bool>> condition, HelperMesh mesh) => Kit.Tests.Eventually.BeAsync(condition, $"{mesh.First}", 60);
}
