using HmsMesh.Sidecar.Components.PubSubEmbedded;
using HmsMesh.Sidecar.Resiliency;
using HmsMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging.Abstractions;
using YamlDotNet.RepresentationModel;

namespace HmsMesh.Sidecar.Tests.PubSub;

public class PubSubResiliencyTests
{
    [Fact]
    public void RetryPolicy_Constant_WaitsItsIntervalThenGivesUp()
    {
        var policy = new RetryPolicy(false, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(60), 2);

        policy.DelayAfter(1).ShouldBe(TimeSpan.FromMilliseconds(100));
        policy.DelayAfter(2).ShouldBe(TimeSpan.FromMilliseconds(100));
        policy.DelayAfter(3).ShouldBeNull();
        (policy with { MaxRetries = -1 }).DelayAfter(100_000).ShouldBe(TimeSpan.FromMilliseconds(100));
        (policy with { MaxRetries = 0 }).DelayAfter(1).ShouldBeNull();
    }

    [Fact]
    public void RetryPolicy_Exponential_GrowsWithinJitterUpToItsMaximumAndEndsInTime()
    {
        var policy = new RetryPolicy(true, RetryPolicy.InitialInterval, TimeSpan.FromSeconds(2), -1);

        for (var tries = 1; tries <= 20; tries++)
        {
            var expected = Math.Min(500 * Math.Pow(1.5, tries - 1), 2_000);
            policy.DelayAfter(tries)!.Value.TotalMilliseconds.ShouldBeInRange(expected * 0.5, expected * 1.5);
        }

        policy.DelayAfter(1_000).ShouldBeNull();
        (policy with { MaxRetries = int.MaxValue }).DelayAfter(int.MaxValue - 1).ShouldBeNull();
    }

    [Fact]
    public void Redelivery_DoublesUpToItsMaximum_AndCountsDeliveriesNotRetries()
    {
        var redelivery = new Redelivery(10, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30));

        Enumerable.Range(1, 10).Select(redelivery.DelayAfter).Select(delay => delay?.TotalMilliseconds)
            .ShouldBe([200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, null]);
    }

    [Theory]
    [InlineData("429,502-504", 429, true)]
    [InlineData("429,502-504", 503, true)]
    [InlineData("429,502-504", 500, false)]
    [InlineData("", 500, true)]
    [InlineData(",500,", 500, true)]
    public void StatusRanges_Contain_WhatTheyName(string text, int status, bool expected)
    {
        StatusRanges.TryParse(text, out var ranges, out var problem).ShouldBeTrue(problem);
        ranges.Contains(status).ShouldBe(expected);
    }

    [Theory]
    [InlineData("99")]
    [InlineData("600")]
    [InlineData("500-400")]
    [InlineData("1-2-3")]
    [InlineData("5xx")]
    [InlineData("500 ")]
    public void StatusRanges_NoStatus_IsAProblem(string text) => StatusRanges.TryParse(text, out _, out _).ShouldBeFalse();

    [Fact]
    public void CircuitBreaker_OpensByItsExpression_LetsOneTryPassAfterItsTime_AndClosesOrOpensAgain()
    {
        var time = new ManualTime();
        TripExpression.TryParse("consecutiveFailures >= 3 && requests > 0", out var trip, out var problem).ShouldBeTrue(problem);
        var breaker = new CircuitBreaker("b", new("b", 1, TimeSpan.Zero, TimeSpan.FromSeconds(2), trip), time, NullLogger.Instance);
        var opened = new List<TimeSpan>();
        breaker.Watch(opened.Add);

        Try(breaker, true).ShouldBeTrue();
        Try(breaker, false).ShouldBeTrue();
        Try(breaker, false).ShouldBeTrue();
        opened.ShouldBeEmpty();
        Try(breaker, false).ShouldBeTrue();
        opened.ShouldBe([TimeSpan.FromSeconds(2)]);
        Try(breaker, true).ShouldBeFalse();
        breaker.Wait.ShouldBe(TimeSpan.FromSeconds(2));

        time.Advance(TimeSpan.FromSeconds(2));
        breaker.TryEnter(out var trial).ShouldBeTrue();
        breaker.TryEnter(out _).ShouldBeFalse();
        breaker.Report(trial, false);
        opened.Count.ShouldBe(2);

        time.Advance(TimeSpan.FromSeconds(2));
        Try(breaker, true).ShouldBeTrue();
        Try(breaker, true).ShouldBeTrue();
        Try(breaker, true).ShouldBeTrue();
    }

    [Fact]
    public void CircuitBreaker_ResultsFromBeforeAChange_DoNotCount()
    {
        var time = new ManualTime();
        var breaker = new CircuitBreaker("b", new("b", 1, TimeSpan.Zero, TimeSpan.FromSeconds(2), null), time, NullLogger.Instance);
        breaker.TryEnter(out var early).ShouldBeTrue();
        for (var i = 0; i < 6; i++)
        {
            Try(breaker, false).ShouldBeTrue();
        }

        breaker.Report(early, true);
        breaker.TryEnter(out _).ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(2));
        breaker.Report(early, false);
        breaker.TryEnter(out var trial).ShouldBeTrue();
        breaker.Forget(trial);
        breaker.TryEnter(out _).ShouldBeTrue();
    }

    [Fact]
    public void CircuitBreaker_Interval_ForgetsFailures()
    {
        var time = new ManualTime();
        var breaker = new CircuitBreaker("b", new("b", 1, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), null), time, NullLogger.Instance);
        for (var i = 0; i < 20; i++)
        {
            Try(breaker, false).ShouldBeTrue();
            time.Advance(TimeSpan.FromMilliseconds(500));
        }
    }

    [Fact]
    public void Policies_OfATarget_AreItsOwn_ElseThoseOfReservedNames()
    {
        var policies = Load("""
            policies:
              timeouts: { quick: 300ms, DefaultTimeoutPolicy: 1500 }
              retries:
                again: { policy: constant, duration: 50ms, maxRetries: 3, matching: { httpStatusCodes: "500-503" } }
                DefaultComponentInboundRetryPolicy: { policy: Exponential, maxInterval: 7s }
                DaprBuiltInInitializationRetries: { policy: constant, duration: 1s, maxRetries: 1 }
              circuitBreakers:
                cb: { maxRequests: 2, timeout: 3s, trip: "totalFailures >= 1" }
            targets:
              components:
                mine: { inbound: { timeout: quick, retry: again, circuitBreaker: cb }, outbound: { retry: missing } }
            """);

        var mine = policies.PubSubInbound("mine");
        mine.Timeout.ShouldBe(TimeSpan.FromMilliseconds(300));
        mine.Retry!.MaxRetries.ShouldBe(3);
        mine.Retry.Matching.Contains(404).ShouldBeFalse();
        policies.PubSubInbound("mine").Breaker.ShouldBeSameAs(mine.Breaker.ShouldNotBeNull());
        policies.PubSubOutbound("mine").ShouldBe(TargetPolicy.None);

        var other = policies.PubSubInbound("other");
        other.Timeout.ShouldBe(TimeSpan.FromMilliseconds(1500));
        other.Retry!.Exponential.ShouldBeTrue();
        other.Retry.MaxInterval.ShouldBe(TimeSpan.FromSeconds(7));
        policies.PubSubOutbound("other").Retry.ShouldBeNull();
        policies.Initialization.MaxRetries.ShouldBe(3);
    }

    [Theory]
    [InlineData("policies: { retries: { again: { policy: sometimes } } }")]
    [InlineData("policies: { retries: { again: { policy: constant, duration: often } } }")]
    [InlineData("policies: { retries: { again: { matching: { httpStatusCodes: abc } } } }")]
    [InlineData("policies: { circuitBreakers: { cb: { trip: 'oops ===' } } }")]
    [InlineData("policies: { timeouts: { quick: soon } }")]
    [InlineData("targets: { components: [] }")]
    public void Policies_ThatCannotBeRead_AreLeftOutAsAWhole(string bad)
    {
        var policies = Load(bad, "policies: { timeouts: { DefaultTimeoutPolicy: 1s } }");

        policies.PubSubInbound("any").ShouldBe(new TargetPolicy(TimeSpan.FromSeconds(1), null, null));
    }

    private static bool Try(CircuitBreaker breaker, bool succeeds)
    {
        if (!breaker.TryEnter(out var generation))
        {
            return false;
        }

        breaker.Report(generation, succeeds);
        return true;
    }

    private static ResiliencyPolicies Load(params string[] specs) => new(
        [.. specs.Select((spec, index) => new ResiliencyResource(new("test.yaml", 1), $"r{index}", Map(spec)))],
        TimeProvider.System,
        NullLogger.Instance);

    private static YamlMap Map(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return new((YamlMappingNode)stream.Documents[0].RootNode, "test.yaml");
    }
}
