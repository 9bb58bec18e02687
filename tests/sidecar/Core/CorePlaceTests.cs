using HmsMesh.Sidecar.Resources;

namespace HmsMesh.Sidecar.Tests.Core;

/// <summary>What is wrong in a resource file is named with the line of the field, and what comes of it.</summary>
public class CorePlaceTests
{
    private const string Broken = "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata: [oops\n";

    [Theory]
    [InlineData("pubsub.nonsense", "path", "x", "c.yaml:7: ")]
    [InlineData("pubsub.embedded", "retention", "fortnight", "c.yaml:13: ")]
    [InlineData("pubsub.embedded", "startFrom", "tomorrow", "c.yaml:13: ")]
    [InlineData("secretstores.local.file", "secretsFile", "/nowhere.json", "c.yaml:13: ")]
    [InlineData("state.sqlite", "connectionString", "/proc/nowhere/state.db", "c.yaml:13: ")]
    public async Task Start_ComponentThatIsWrong_NamesTheLineOfTheField(string type, string name, string value, string place)
    {
        var fault = await CoreHost.FaultAsync(new()
        {
            ["c.yaml"] = $"""
                # What is said first.
                apiVersion: dapr.io/v1alpha1
                kind: Component
                metadata:
                  name: thing
                spec:
                  type: {type}
                  version: v1
                  metadata:
                  - name: other
                    value: me
                  - name: {name}
                    value: {value}
                """,
        });
        fault.ShouldContain(place);
        fault.ShouldNotContain("..");
    }

    [Fact]
    public async Task Start_RuleThatIsWrong_NamesItsLine()
    {
        var fault = await CoreHost.FaultAsync(new()
        {
            ["p.yaml"] = CoreHost.Component("pubsub", "pubsub.in-memory"),
            ["s.yaml"] = """
                apiVersion: dapr.io/v2alpha1
                kind: Subscription
                metadata:
                  name: orders
                spec:
                  pubsubname: pubsub
                  topic: orders
                  routes:
                    rules:
                    - match: event.type == "a"
                      path: /a
                    - match: event.type ==
                      path: /b
                """,
        });
        fault.ShouldContain("s.yaml:12: the rule");
        fault.ShouldContain("orders");
    }

    [Theory]
    [InlineData(Broken, "x.yaml:4", "Nothing of this file is used")]
    [InlineData("apiVersion: dapr.io/v1alpha1\nkind: Componnt\nmetadata: {name: a}\n", "x.yaml:2: the kind 'Componnt'", "Nothing of this document is used")]
    [InlineData("apiVersion: dapr.io/v1alpha1\nkind: Resiliency\nmetadata: {name: a}\nspec:\n  policies:\n    timeouts: {t: soon}\n", "x.yaml:6", "None of its policies hold")]
    [InlineData("apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata: {name: a}\nspec:\n  type: state.in-memory\n  ignoreErrors: perhaps\n", "x.yaml:6", "Nothing of this document is used")]
    public async Task Start_FileThatCantBeUsed_IsAnErrorThatNamesTheEffect(string text, string place, string effect)
    {
        await using var host = await CoreHost.StartAsync(new() { ["a.yaml"] = CoreHost.Component("store", "state.in-memory"), ["x.yaml"] = text });

        host.Log.Lines.ShouldContain(line =>
            line.StartsWith("Error", StringComparison.Ordinal) && line.Contains(place, StringComparison.Ordinal) && line.Contains(effect, StringComparison.Ordinal),
            string.Join('\n', host.Log.Lines));
    }

    [Fact]
    public async Task Start_KindOfAnotherProgram_IsAWarning()
    {
        await using var host = await CoreHost.StartAsync(new() { ["x.yaml"] = "apiVersion: apps/v1\nkind: Deployment\n" });

        host.Log.Lines.ShouldContain(static line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("x.yaml:2: the kind 'Deployment'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stop_InGoodOrder_WarnsOfNothing()
    {
        var host = await CoreHost.StartAsync([], static options => options with { GracefulShutdown = TimeSpan.FromSeconds(5) });
        await host.DisposeAsync();

        host.Log.Lines.ShouldContain(static line => line.Contains("those under way have 5s to end", StringComparison.Ordinal));
        host.Log.Lines.ShouldNotContain(static line => line.StartsWith("Warning", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(200, "200ms")]
    [InlineData(5_000, "5s")]
    [InlineData(1_500, "1.5s")]
    [InlineData(90_000, "1m30s")]
    [InlineData(7_200_000, "2h")]
    [InlineData(-5_000, "-5s")]
    public void Text_OfADuration_IsAsGoReadsIt(int milliseconds, string text)
    {
        GoDuration.Text(TimeSpan.FromMilliseconds(milliseconds)).ShouldBe(text);
        GoDuration.TryParse(text, out var read).ShouldBeTrue();
        read.ShouldBe(TimeSpan.FromMilliseconds(milliseconds));
    }

    [Theory]
    [InlineData("/v1.0/publish/pubsub/orders", "stream too large")]
    [InlineData("/v1.0/invoke/other/method/x", "http: request body too large")]
    public async Task Call_WithABodyOverTheLimit_NamesTheFlagInTheLog(string path, string message)
    {
        await using var host = await CoreHost.StartAsync(
            new() { ["p.yaml"] = CoreHost.Component("pubsub", "pubsub.in-memory") }, static options => options with { MaxBodySize = 1_000 });
        using var content = new StringContent(new string('x', 2_000));
        using var answer = await host.Http.PostAsync(path, content, CoreHost.Token);

        ((int)answer.StatusCode).ShouldBe(500);
        (await answer.Content.ReadAsStringAsync(CoreHost.Token)).ShouldContain(message);
        await host.Log.SeenAsync("Warning", "1000 bytes that --max-body-size");
    }
}
