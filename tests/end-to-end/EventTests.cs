using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using HmsMesh.EndToEnd.Tests.Support;

namespace HmsMesh.EndToEnd.Tests;

[Trait("Category", "Slow")]
public sealed partial class EventTests(UpFixture fixture) : IClassFixture<UpFixture>
{
    /// <summary>Far above what it takes on an idle machine; a path that waits for a timer or a retry is above it.</summary>
    private const double LooseBound = 1000;

    private static readonly string[] Hearers = ["staffing", "supply-chain", "journey"];

    private readonly Mesh _mesh = fixture.Mesh;

    [Theory]
    [InlineData("""{"facility":"gulfport","bedsFree":4}""")]
    [InlineData("""{"bedsFree":4}""")]
    public async Task Publish_LowBeds_ReachesAllThreeAtOnce(string json)
    {
        var id = await _mesh.PublishAsync(json);

        foreach (var service in Hearers)
        {
            var line = await _mesh.HandledAsync(service, id);
            double.Parse(Milliseconds().Match(line).Groups["ms"].Value, CultureInfo.InvariantCulture).ShouldBeLessThan(LooseBound, line);
        }
    }

    [Fact]
    public async Task Publish_TheSameIdTwice_IsHandledOnce()
    {
        var id = Guid.NewGuid().ToString();
        string[] publish = ["publish", "afrh.capacity.low", """{"facility":"washington","bedsFree":3}""", "--id", id];
        (await _mesh.RunAsync(publish)).Out.Trim().ShouldBe(id);
        await _mesh.HandledAsync("staffing", id);
        (await _mesh.RunAsync(publish)).Code.ShouldBe(0);

        // What is published later to the same key arrives later, so the second one is not still on its way.
        await _mesh.HandledAsync("staffing", await _mesh.PublishAsync("""{"facility":"washington","bedsFree":3}"""));
        _mesh.Host.Out.Count(line => line.StartsWith("staffing", StringComparison.Ordinal) && line.Contains("handled", StringComparison.Ordinal) && line.Contains(id, StringComparison.Ordinal))
            .ShouldBe(1);
    }

    [Fact]
    public async Task Publish_LateAndTwice_IsCountedInStatus()
    {
        var before = Counts(await _mesh.StatusAsync());
        await _mesh.RunAsync("stop", "staffing");
        var low = await _mesh.PublishAsync("""{"facility":"washington","bedsFree":3}""");
        var restored = await _mesh.PublishAsync("""{"facility":"washington","bedsFree":30}""", "afrh.capacity.restored");
        (await _mesh.RunAsync("publish", "afrh.capacity.low", """{"facility":"washington","bedsFree":3}""", "--id", low)).Code.ShouldBe(0);
        await _mesh.RunAsync("start", "staffing");
        await _mesh.HandledAsync("staffing", restored);
        await _mesh.HandledAsync("journey", restored);

        var after = Counts(await _mesh.StatusAsync());

        after.Twice.ShouldBe(before.Twice + 1);
        after.Handled.ShouldBeGreaterThan(before.Handled);
    }

    private static (long Twice, long Handled) Counts(JsonElement status) =>
        (status.GetProperty("publishedTwice").GetInt64(), status.GetProperty("services").EnumerateArray()
            .Where(one => one.GetProperty("service").GetString() == "journey").Sum(one => one.GetProperty("events").GetProperty("handled").GetInt64()));

    [Fact]
    public async Task Publish_WhatBreaksTheContract_NamesThePointer()
    {
        var ran = await _mesh.RunAsync("publish", "afrh.capacity.low", """{"bedsFree":"four"}""");

        ran.Code.ShouldBe(4);
        ran.Error.ShouldContain("/bedsFree");
        ran.Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task Watch_APattern_ShowsTheEventAsItPasses()
    {
        await using var watch = _mesh.Start("watch", "afrh.*", "--json");
        string? seen = null;
        await Eventually.TrueAsync(
            () =>
            {
                // Nobody tells when the watcher is attached: say until it is.
                var id = _mesh.PublishAsync("""{"facility":"gulfport","bedsFree":2}""").GetAwaiter().GetResult();
                seen = watch.Out.FirstOrDefault();
                return seen is not null || id.Length == 0;
            },
            Mesh.ToReact,
            "an event in watch");

        var shown = JsonDocument.Parse(seen!).RootElement;
        shown.GetProperty("topic").GetString().ShouldBe("afrh.capacity.low");
        shown.GetProperty("source").GetString().ShouldBe("mesh");
        shown.GetProperty("data").GetProperty("bedsFree").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Call_AService_AddsItsTokenAndExitsByStatus()
    {
        var good = await _mesh.RunAsync("call", "capacity", "GET", "/facilities");
        good.Code.ShouldBe(0, good.Error);
        good.Error.ShouldContain("200");
        JsonDocument.Parse(good.Out).RootElement.EnumerateArray().Select(one => one.GetProperty("id").GetString()).ShouldContain("gulfport");

        (await _mesh.RunAsync("call", "capacity", "GET", "/nowhere")).Code.ShouldBe(1);
        (await _mesh.RunAsync("call", "capacty", "GET", "/facilities")).Error.ShouldContain("did you mean 'capacity'?");
    }

    [Fact]
    public async Task AServiceAndItsSidecar_WithoutTheirTokens_RefuseALocalProcess()
    {
        var capacity = await _mesh.StatusAsync("capacity");
        using var http = new HttpClient();
        var stop = TestContext.Current.CancellationToken;

        (await http.GetAsync(capacity.GetProperty("address").GetString() + "/facilities", stop)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var sidecar = $"http://127.0.0.1:{capacity.GetProperty("sidecarPort").GetInt32()}/v1.0/publish/pubsub/afrh.capacity.low";
        (await http.PostAsync(sidecar, new StringContent("{}"), stop)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        Directory.GetFiles(Path.Combine(_mesh.Data, "tokens"))
            .ShouldAllBe(file => File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public async Task Page_OfJourney_IsServedToAnybody()
    {
        var page = (await _mesh.StatusAsync("journey")).GetProperty("page").GetString();
        using var http = new HttpClient();

        // Other tests here say events about these facilities, so either word may stand beside them now.
        var shown = await http.GetStringAsync(page, TestContext.Current.CancellationToken);
        shown.ShouldContain("Gulfport");
        shown.ShouldContain("Washington");
        (shown.Contains("Apply today", StringComparison.Ordinal) || shown.Contains("No beds free now", StringComparison.Ordinal)).ShouldBeTrue(shown);
    }

    [Fact]
    public async Task Stop_AService_KeepsItsEventsInOrderAndHoldsNobodyUp()
    {
        (await _mesh.RunAsync("stop", "supply-chain")).Code.ShouldBe(0);
        var first = await _mesh.PublishAsync("""{"facility":"gulfport","bedsFree":3}""");
        var second = await _mesh.PublishAsync("""{"facility":"gulfport","bedsFree":2}""");
        await _mesh.HandledAsync("staffing", second);
        Handled("supply-chain", first).ShouldBeLessThan(0);

        var started = await _mesh.RunAsync("start", "supply-chain");

        started.Code.ShouldBe(0, started.Error);
        await _mesh.HandledAsync("supply-chain", second);
        Handled("supply-chain", first).ShouldBeInRange(0, Handled("supply-chain", second) - 1);
    }

    [Fact]
    public async Task KillTheService_InTheMiddle_BringsItBackAndLosesNothing()
    {
        var pid = (await _mesh.StatusAsync("staffing")).GetProperty("pid").GetInt32();
        Running.Send("KILL", pid);

        var id = await _mesh.PublishAsync("""{"facility":"gulfport","bedsFree":1}""");

        await _mesh.HandledAsync("journey", id);
        await _mesh.HandledAsync("staffing", id);
        var back = await _mesh.StatusAsync("staffing");
        back.GetProperty("restarts").GetInt32().ShouldBe(1);
        back.GetProperty("pid").GetInt32().ShouldNotBe(pid);
        _mesh.Host.Error.ShouldContain(line => line.Contains("staffing", StringComparison.Ordinal) && line.Contains("SIGKILL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Up_OnTheSameFolder_IsRefused()
    {
        var ran = await _mesh.RunAsync("up");

        ran.Code.ShouldBe(5);
        ran.Error.ShouldContain("a mesh is running on");
    }

    [Fact]
    public async Task Logs_OfAService_AreKept()
    {
        var id = await _mesh.PublishAsync("""{"facility":"washington","bedsFree":1}""");
        await _mesh.HandledAsync("staffing", id);

        var ran = await _mesh.RunAsync("logs", "staffing", "--json");

        ran.Out.Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()).ShouldContain(text => text!.Contains(id));
        (await _mesh.RunAsync("logs", "stafing")).Error.ShouldContain("did you mean 'staffing'?");
    }

    /// <summary>Which of the service's lines says that it handled the event; -1: none.</summary>
    private int Handled(string service, string id) =>
        _mesh.Host.Out.Where(line => line.StartsWith(service + " ", StringComparison.Ordinal)).ToList()
            .FindIndex(line => line.Contains("handled", StringComparison.Ordinal) && line.Contains(id, StringComparison.Ordinal));

    [GeneratedRegex(@"(?<ms>[\d.]+) ms after it was said", RegexOptions.NonBacktracking)]
    private static partial Regex Milliseconds();
}
