using System.Text.Json;
using System.Text.Json.Nodes;
using HmsMesh.Conformance.Comparing;

namespace HmsMesh.Conformance.Tests;

/// <summary>What the runner takes for a difference, and what not.</summary>
public class ComparisonTests
{
    [Theory]
    [InlineData("call", """{"status":204}""", """{"status":204}""")]
    [InlineData("call", """{"status":1}""", """{"status":1.0}""")]
    [InlineData("call", """{"headers":{"content-type":"application/json"}}""", """{"headers":{"content-type":"application/json; charset=utf-8"}}""")]
    [InlineData("call", """{"headers":{}}""", """{"headers":{"x-of-ours":"1"}}""")]
    [InlineData("call", """{"headers":{"etag":"1"}}""", """{"headers":{"etag":"abc"}}""")]
    [InlineData("call", """{"body":{"errorCode":"A","message":"one"}}""", """{"body":{"errorCode":"A","message":"another","details":[]}}""")]
    [InlineData("deliveries", """[{"method":"POST","body":"","headers":{"content-type":"text/plain"}}]""", """[{"method":"POST","body":"","headers":{}}]""")]
    public void Compare_NoPartOfTheContract_IsNoDifference(string kind, string recorded, string result) => Differences(kind, recorded, result).ShouldBeEmpty();

    [Theory]
    [InlineData("call", """{"status":204}""", """{"status":200}""", "step 0 call.status: 200, recorded 204")]
    [InlineData("call", """{"status":"no connection"}""", """{"status":500}""", "step 0 call.status")]
    [InlineData("call", """{"body":true}""", """{"body":1}""", "step 0 call.body")]
    [InlineData("call", """{"body":null}""", """{"body":""}""", "step 0 call.body")]
    [InlineData("call", """{"headers":{"traceparent":"x"}}""", """{"headers":{}}""", "step 0 call.headers.traceparent: missing")]
    [InlineData("call", """{"headers":{"etag":"1"}}""", """{"headers":{"etag":""}}""", "step 0 call.headers.etag")]
    [InlineData("call", """{"body":{"errorCode":"A","message":"one"}}""", """{"body":{"errorCode":"B","message":"one"}}""", "errorCode")]
    [InlineData("call", """{"body":{"errorCode":"A","message":"one"}}""", """{"body":{"errorCode":"A"}}""", "message: missing")]
    [InlineData("deliveries", """{"count":1}""", """{"count":2}""", "step 0 deliveries.count: 2, recorded 1")]
    [InlineData("deliveries", """[1,2]""", """[1]""", "1 items, recorded 2")]
    [InlineData("deliveries", """[{"headers":{"a":"1"}}]""", """[{"headers":{"a":"1","b":"2"}}]""", "[0].headers.b: not recorded")]
    [InlineData("deliveries", """[{"body":{"a":1}}]""", """[{"body":{"a":1,"b":2}}]""", "[0].body.b: not recorded")]
    public void Compare_AnotherResult_IsADifference(string kind, string recorded, string result, string difference) =>
        Differences(kind, recorded, result).ShouldHaveSingleItem().ShouldContain(difference);

    [Fact]
    public void Compare_WhereDaprdLoses_MoreIsNoDifference()
    {
        var scenario = Scenario("deliveries", """{"count":3}""") with
        {
            Better = new Dictionary<string, ScenarioBetter>(StringComparer.Ordinal) { ["0"] = new(7) },
        };
        ScenarioComparison.Compare(scenario, [JsonNode.Parse("""{"count":8}""")]).ShouldBeEmpty();
        ScenarioComparison.Compare(scenario, [JsonNode.Parse("""{"count":3}""")]).ShouldBeEmpty();
        ScenarioComparison.Compare(scenario, [JsonNode.Parse("""{"count":6}""")]).ShouldNotBeEmpty();
    }

    [Fact]
    public void Compare_FewerResults_IsADifference() => ScenarioComparison.Compare(Scenario("call", "{}"), []).ShouldNotBeEmpty();

    private static IReadOnlyList<string> Differences(string kind, string recorded, string result) =>
        ScenarioComparison.Compare(Scenario(kind, recorded), [JsonNode.Parse(result)]);

    private static Scenario Scenario(string kind, string recorded) => new()
    {
        Name = "test",
        Steps = [JsonElement.Parse($"{{\"{kind}\":{{}}}}")],
        Recorded = [JsonElement.Parse(recorded)],
    };
}
