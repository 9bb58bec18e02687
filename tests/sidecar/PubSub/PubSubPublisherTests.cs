using HmsMesh.Broker;
using HmsMesh.Sidecar.PubSub;
using HmsMesh.Sidecar.PubSub.Publishing;
using HmsMesh.Sidecar.Resiliency;
using HmsMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Sidecar.Tests.PubSub;

public class PubSubPublisherTests
{
    private static readonly RetryPolicy Twice = new(false, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1), 2);

    [Fact]
    public async Task Publish_Retry_SendsOnlyWhatIsNotAcceptedYet()
    {
        var component = new FailingPubSub((call, sent, _) => Task.FromResult(
            call == 1 && sent.Id != "1" ? new PublishResult(PublishStatus.Failed, -1, "no") : new PublishResult(PublishStatus.Stored, call)));

        var results = await PublishAsync(component, new(null, Twice, null), "1", "2", "3");

        results.ShouldAllBe(result => result.Accepted);
        component.Sent.ShouldBe(["1,2,3", "2,3"]);
    }

    [Fact]
    public async Task Publish_RetriesAreSpent_TheLastProblemIsTold()
    {
        var component = new FailingPubSub((call, _, _) => Task.FromResult(new PublishResult(PublishStatus.Full, -1, $"full {call}")));

        var results = await PublishAsync(component, new(null, Twice, null), "1");

        results[0].ShouldBe(new(PublishStatus.Full, -1, "full 3"));
        component.Sent.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Publish_NoPolicy_IsTriedOnce()
    {
        var component = new FailingPubSub((_, _, _) => Task.FromResult(new PublishResult(PublishStatus.Failed, -1, "no")));

        (await PublishAsync(component, TargetPolicy.None, "1"))[0].Accepted.ShouldBeFalse();
        component.Sent.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Publish_LongerThanItsTimeout_IsAFailureAndNotAnException()
    {
        var component = new FailingPubSub(async (_, _, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return default;
        });

        var results = await PublishAsync(component, new(TimeSpan.FromMilliseconds(50), null, null), "1");

        results[0].Problem.ShouldBe("context deadline exceeded");
    }

    [Fact]
    public async Task Publish_OpenCircuit_RefusesWithoutCallingAndEndsRetries()
    {
        var component = new FailingPubSub((_, _, _) => Task.FromResult(new PublishResult(PublishStatus.Failed, -1, "no")));
        var breaker = new CircuitBreaker(
            "b", new("b", 1, TimeSpan.Zero, TimeSpan.FromMinutes(1), Trip("consecutiveFailures >= 2")), TimeProvider.System, NullLogger.Instance);

        var results = await PublishAsync(component, new(null, Twice with { MaxRetries = 10 }, breaker), "1");

        results[0].Problem.ShouldBe("circuit breaker is open");
        component.Sent.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Publish_CallerThatHangsUp_EndsTheRetries()
    {
        using var caller = new CancellationTokenSource();
        var component = new FailingPubSub((_, _, _) =>
        {
            caller.Cancel();
            return Task.FromResult(new PublishResult(PublishStatus.Failed, -1, "no"));
        });

        await Should.ThrowAsync<OperationCanceledException>(() => PublishAsync(component, new(null, Twice with { MaxRetries = -1 }, null), caller.Token, "1"));
        component.Sent.Count.ShouldBe(1);
    }

    private static TripExpression Trip(string text)
    {
        TripExpression.TryParse(text, out var trip, out var problem).ShouldBeTrue(problem);
        return trip!;
    }

    private static Task<IReadOnlyList<PublishResult>> PublishAsync(IPubSub component, TargetPolicy policy, params string[] ids) =>
        PublishAsync(component, policy, TestContext.Current.CancellationToken, ids);

    private static Task<IReadOnlyList<PublishResult>> PublishAsync(IPubSub component, TargetPolicy policy, CancellationToken cancellationToken, params string[] ids)
    {
        var resource = new ComponentResource { Source = new("test.yaml", 1), Name = "pubsub", Type = "pubsub.failing" };
        var outbound = PolicyPipeline.WithRetries<bool>(policy, static accepted => !accepted, TimeProvider.System);
        var target = new PubSubTarget(new(resource, component), component, new(resource.Metadata, "app"), outbound);
        return Publisher.PublishAsync(
            target, [.. ids.Select(id => new OutgoingEvent { PubSub = "pubsub", Topic = "t", Data = default, Id = id })], cancellationToken).AsTask();
    }
}
