using System.Net;

namespace HmsMesh.Services.Tests.Gateway;

/// <summary>A request that is sent twice under one key.</summary>
public sealed class IdempotencyTests(Door door) : IClassFixture<Door>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Key_SentTwice_GetsTheSameAnswerEvenAfterARestart()
    {
        using var client = door.Citizen("cit-twice");
        var key = Guid.NewGuid().ToString();
        using var first = await client.SendAsync(Door.Claim("Acme", key), Ct);
        var filed = door.Filed;
        using var second = await client.SendAsync(Door.Claim("Acme", key), Ct);
        await door.Mesh.StopAsync("gateway", Ct);
        await door.Mesh.StartAsync("gateway", Ct);
        using var third = await client.SendAsync(Door.Claim("Acme", key), Ct);

        var text = await first.Content.ReadAsStringAsync(Ct);
        first.StatusCode.ShouldBe(HttpStatusCode.Created, text);
        foreach (var again in (HttpResponseMessage[])[second, third])
        {
            again.StatusCode.ShouldBe(HttpStatusCode.Created);
            (await again.Content.ReadAsStringAsync(Ct)).ShouldBe(text);
            again.Headers.Location.ShouldBe(first.Headers.Location);
            again.Content.Headers.ContentType.ShouldBe(first.Content.Headers.ContentType);
        }

        door.Filed.ShouldBe(filed);
    }

    [Fact]
    public async Task Key_WithAnotherBody_IsRefused()
    {
        using var client = door.Citizen("cit-other");
        using var first = await client.SendAsync(Door.Claim("Acme", "one"), Ct);
        using var second = await client.SendAsync(Door.Claim("Globex", "one"), Ct);

        await Door.ProblemAsync(second, HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Key_OfAnotherCaller_IsHisOwn()
    {
        using var one = door.Citizen("cit-one");
        using var other = door.Citizen("cit-two");
        using var first = await one.SendAsync(Door.Claim("Acme", "shared"), Ct);
        using var second = await other.SendAsync(Door.Claim("Acme", "shared"), Ct);

        (await second.Content.ReadAsStringAsync(Ct)).ShouldContain("cit-two");
    }

    [Fact]
    public async Task Key_UnderWay_IsAConflict()
    {
        using var client = door.Citizen("cit-waits");
        door.Hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = client.SendAsync(Door.Claim("Acme", "slow"), Ct);
        HttpResponseMessage second;
        do
        {
            // The first may not have reached the door yet: then the second is the one that waits, and the first the conflict.
            var next = client.SendAsync(Door.Claim("Acme", "slow"), Ct);
            second = await await Task.WhenAny(first, next);
        }
        while (second.StatusCode != HttpStatusCode.Conflict);
        door.Hold.SetResult();
        door.Hold = null;

        await Door.ProblemAsync(second, HttpStatusCode.Conflict);
        second.Headers.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task Key_AfterAFailure_MayTryAgain()
    {
        using var client = door.Citizen("cit-again");
        using var first = await client.SendAsync(Door.Claim("broken", "retry"), Ct);
        using var second = await client.SendAsync(Door.Claim("broken", "retry"), Ct);

        await Door.ProblemAsync(first, HttpStatusCode.BadGateway);
        await Door.ProblemAsync(second, HttpStatusCode.BadGateway);
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("long")]
    public async Task Key_ThatIsNone_IsRefused(string key)
    {
        using var client = door.Citizen();
        using var answer = await client.SendAsync(Door.Claim("Acme", key == "long" ? new string('k', 200) : key), Ct);

        await Door.ProblemAsync(answer, HttpStatusCode.BadRequest);
    }
}
