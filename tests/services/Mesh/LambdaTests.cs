using HmsMesh.Kit;
using HmsMesh.Testing;

namespace HmsMesh.Services.Tests.Mesh;

/// <summary>Services written in place, and what a test is told when it waits in vain.</summary>
public class LambdaTests
{
    private static readonly byte[] Contract =
        """
        { "title": "Paid", "x-subject": "claim", "type": "object", "required": ["claim"],
          "properties": { "claim": { "type": "string" } }, "examples": [{ "claim": "c-1" }] }
        """u8.ToArray();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Services_WrittenInPlace_SayAndHear()
    {
        var heard = new List<string>();
        await using var mesh = await InProcessMesh.StartAsync(
            m => m
                .Service("payments", s => Learn(s).Says<Paid>("claim.paid").Hears<Paid>("claim.approved", (e, h, _) => Answer(e, h)))
                .Service("mailer", s => Learn(s).Hears<Paid>("claim.paid", (e, h, _) => Note(e, h, heard))),
            Ct);

        var approved = await mesh.PublishAsync("claim.approved", new Paid("c-7"), Ct);

        var paid = await mesh.Said("payments", "claim.paid", AfrhMesh.Soon, causedBy: approved);
        (await mesh.Handled("mailer", paid.Id, AfrhMesh.Soon)).Event!.CorrelationId.ShouldBe(approved);
        heard.ShouldBe(["c-7"]);
    }

    [Fact]
    public async Task Handled_OfWhatNeverComes_TellsWhatCameInstead()
    {
        await using var mesh = await InProcessMesh.StartAsync(m => m.Service("mailer", s => Learn(s).Hears<Paid>("claim.paid", (e, h, _) => Note(e, h, []))), Ct);
        var id = await mesh.PublishAsync("claim.paid", new Paid("c-1"), Ct);
        await mesh.Handled("mailer", id, AfrhMesh.Soon);

        var failure = await Should.ThrowAsync<MeshTimeoutException>(() => mesh.Handled("mailer", "another", TimeSpan.FromMilliseconds(50)));

        failure.Message.ShouldContain("mailer to handle event another");
        failure.Message.ShouldContain($"mailer: claim.paid {id} Handled");
    }

    [Fact]
    public async Task Start_OfAServiceThatCannot_SaysWhy()
    {
        var failure = await Should.ThrowAsync<MeshConfigurationException>(
            () => InProcessMesh.StartAsync(m => m.Service("mailer", s => s.Hears<Paid>("claim.lost", (_, _, _) => Task.CompletedTask)), Ct));

        failure.Message.ShouldContain("claim.lost");
    }

    private static MeshService Learn(MeshService service)
    {
        service.Contracts.Add("claim.approved", Contract);
        service.Contracts.Add("claim.paid", Contract);
        return service;
    }

    private static Task Answer(Paid approved, Handling handling)
    {
        handling.Say("claim.paid", approved);
        return Task.CompletedTask;
    }

    private static Task Note(Paid paid, Handling handling, List<string> heard)
    {
        handling.AfterCommit(() => heard.Add(paid.Claim));
        return Task.CompletedTask;
    }

    private sealed record Paid(string Claim);
}
