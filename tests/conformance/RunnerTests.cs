using System.Text.Json;

namespace HmsMesh.Conformance.Tests;

/// <summary>The runner itself, over programs that are no sidecars.</summary>
public class RunnerTests
{
    private static readonly Scenario Healthy = new()
    {
        Name = "test/healthy",
        WarmUp = 0,
        Sidecars = [new ScenarioSidecar { Id = "app", Ready = false }],
        Steps = [JsonElement.Parse("""{"exit":{"sidecar":"app","within":5}}""")],
        Recorded = [JsonElement.Parse("""{"ended":true,"failed":true}""")],
    };

    [Theory(Timeout = 60_000)]
    [InlineData("false", ScenarioOutcome.Passed)]
    [InlineData("true", ScenarioOutcome.Failed)]
    public async Task RunAsync_ProgramThatEnds_IsToldByItsCode(string program, ScenarioOutcome outcome)
    {
        var report = await Runner(program).RunAsync(Healthy, TestContext.Current.CancellationToken);
        report.Outcome.ShouldBe(outcome, string.Join('\n', report.Differences));
    }

    [Fact(Timeout = 60_000)]
    public async Task RunAsync_ProgramThatNeverListens_FailsWithItsLog()
    {
        var scenario = Healthy with { Sidecars = [new ScenarioSidecar { Id = "app" }] };
        var report = await Runner("sh", "-c", "echo no luck today; exit 3").RunAsync(scenario, TestContext.Current.CancellationToken);
        report.Outcome.ShouldBe(ScenarioOutcome.Failed);
        report.Differences.ShouldHaveSingleItem().ShouldContain("ended with 3: no luck today");
    }

    [Fact(Timeout = 60_000)]
    public async Task RunAsync_ServerThatIsNotThere_IsSkipped()
    {
        var report = await Runner("false").RunAsync(Healthy with { Brokers = ["kafka"] }, TestContext.Current.CancellationToken);
        report.Outcome.ShouldBe(ScenarioOutcome.Skipped);
        report.Differences.ShouldBe(["needs kafka"]);
    }

    [Fact(Timeout = 60_000)]
    public async Task RunAsync_Several_AreReportedInTheirOrderAndToldAsTheyEnd()
    {
        var told = new List<string>();
        Scenario[] scenarios = [Healthy with { Name = "a" }, Healthy with { Name = "b" }, Healthy with { Name = "c", Brokers = ["kafka"] }];
        var reports = await Runner("false").RunAsync(scenarios, new Telling(told), TestContext.Current.CancellationToken);
        reports.Select(r => r.Name).ShouldBe(["a", "b", "c"]);
        told.Order().ShouldBe(["a", "b", "c"]);
    }

    private static ConformanceRunner Runner(params string[] command) => new(new ConformanceOptions
    {
        Sidecar = command,
        SecondTry = false,
        Servers = new Dictionary<string, string>(StringComparer.Ordinal) { ["kafka"] = "127.0.0.1:1" },
    });

    private sealed class Telling(List<string> told) : IProgress<ScenarioReport>
    {
        public void Report(ScenarioReport value)
        {
            lock (told) told.Add(value.Name);
        }
    }
}
