using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HmsMesh.Browser.Tests;

/// <summary>What a citizen sees. Each test leaves the facilities with beds free.</summary>
[Trait("Category", "Slow")]
public sealed class JourneyPageTests(JourneySite site) : IClassFixture<JourneySite>
{
    private const string Low = "afrh.capacity.low";
    private const string Restored = "afrh.capacity.restored";

    private static readonly BrowserNewContextOptions Phone = new()
    {
        ViewportSize = new() { Width = 360, Height = 740 },
        DeviceScaleFactor = 2,
        IsMobile = true,
        HasTouch = true,
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Button_WhenTheEventsPass_GivesWayAndComesBackWithoutAReload()
    {
        await using var journey = await site.OpenAsync();
        await Expect(journey.Button("gulfport")).ToBeVisibleAsync();
        await Expect(journey.Page.GetByText("This page changes by itself.")).ToBeVisibleAsync();
        await journey.Page.EvaluateAsync("window.notReloaded = true");

        await site.SayAsync(Low, "gulfport");
        await Expect(journey.Full("gulfport")).ToBeVisibleAsync();
        await Expect(journey.Button("gulfport")).ToHaveCountAsync(0);
        await Expect(journey.Button("washington")).ToBeVisibleAsync();
        await Expect(journey.Page.Locator("#news")).ToHaveTextAsync("AFRH-Gulfport: no beds free now.");

        await site.SayAsync(Restored, "gulfport");
        await Expect(journey.Button("gulfport")).ToBeVisibleAsync();
        await Expect(journey.Full("gulfport")).ToHaveCountAsync(0);
        (await journey.Page.EvaluateAsync<bool>("window.notReloaded === true")).ShouldBeTrue();
        journey.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Event_AboutEveryFacility_IsReadOutForEach()
    {
        await using var journey = await site.OpenAsync();

        await site.SayAsync(Low, facility: null);
        await Expect(journey.Full("gulfport")).ToBeVisibleAsync();
        await Expect(journey.Full("washington")).ToBeVisibleAsync();
        await Expect(journey.Page.Locator("#news p")).ToHaveTextAsync(["AFRH-Gulfport: no beds free now.", "AFRH-Washington: no beds free now."]);

        await site.SayAsync(Restored, facility: null);
        await Expect(journey.Page.Locator("#news p")).ToHaveTextAsync(
            ["AFRH-Gulfport: beds are free, you can apply today.", "AFRH-Washington: beds are free, you can apply today."]);
    }

    [Fact]
    public async Task Button_FromTheRealCause_GivesWay()
    {
        await using var journey = await site.OpenAsync();
        using var capacity = site.Operator();

        using var closed = await capacity.PostAsync("/dormitories/washington-sheridan-east/close", content: null, Ct);
        closed.EnsureSuccessStatusCode();
        await Expect(journey.Full("washington")).ToBeVisibleAsync();

        using var reopened = await capacity.PostAsync("/dormitories/washington-sheridan-east/reopen", content: null, Ct);
        reopened.EnsureSuccessStatusCode();
        await Expect(journey.Button("washington")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Button_FromPublishToThePage_TakesFarLessThanAHumanNotices()
    {
        await using var journey = await site.OpenAsync();
        var times = new List<double>();
        for (var round = 0; round < 5; round++)
        {
            foreach (var topic in (string[])[Low, Restored])
            {
                // The page itself notes the moment, on the clock that this process reads too.
                var seen = journey.Page.EvaluateAsync<double>(
                    """
                    canApply => new Promise(resolve => {
                      const card = document.querySelector("[data-facility='gulfport']");
                      new MutationObserver((_, observer) => {
                        if (card.dataset.canApply !== canApply) return;
                        observer.disconnect();
                        resolve(performance.timeOrigin + performance.now());
                      }).observe(card, { attributes: true, attributeFilter: ["data-can-apply"] });
                    })
                    """,
                    topic == Low ? "false" : "true");
                // The observer is in place once the page answers the next question.
                await journey.Page.EvaluateAsync("1");
                var said = site.Mesh.Event(topic, new { facility = "gulfport", bedsFree = 4 });
                await site.Mesh.PublishAsync(said, Ct);
                times.Add(await seen - (said.Time!.Value - DateTimeOffset.UnixEpoch).TotalMilliseconds);
            }
        }

        times.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine($"From the event's time to the button: median {times[times.Count / 2]:F1} ms, worst {times[^1]:F1} ms.");
        times[times.Count / 2].ShouldBeLessThan(500);
    }

    [Fact]
    public async Task Page_WithoutJavaScript_ShowsWhatIsTrueNow()
    {
        await using var plain = await site.OpenAsync(new() { JavaScriptEnabled = false });
        await Expect(plain.Button("gulfport")).ToBeVisibleAsync();
        await Expect(plain.Page.GetByText("Load this page again to see changes")).ToBeVisibleAsync();
        await Expect(plain.Page.GetByText("This page changes by itself.")).ToHaveCountAsync(0);

        await site.SayAsync(Low, "gulfport");
        await plain.Page.ReloadAsync();
        await Expect(plain.Full("gulfport")).ToBeVisibleAsync();
        await Expect(plain.Button("gulfport")).ToHaveCountAsync(0);

        await site.SayAsync(Restored, "gulfport");
        await plain.Page.ReloadAsync();
        await plain.Button("gulfport").ClickAsync();
        await Expect(plain.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Apply to AFRH-Gulfport");
    }

    [Fact]
    public async Task ApplyPage_WhenBedsRanOutMeanwhile_RefusesPolitely()
    {
        await using var journey = await site.OpenAsync();
        await site.SayAsync(Low, "washington");

        var answer = await journey.Page.GotoAsync($"{site.Address}apply/washington");

        answer!.Status.ShouldBe(409);
        await Expect(journey.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("AFRH-Washington has no beds free now");
        await site.SayAsync(Restored, "washington");
        (await journey.Page.ReloadAsync())!.Status.ShouldBe(200);
    }

    [Fact]
    public async Task Keyboard_OnTheButtonThatGoes_StaysInItsPlace()
    {
        await using var journey = await site.OpenAsync();
        await journey.Page.Keyboard.PressAsync("Tab");
        await Expect(journey.Page.GetByText("Skip to main content")).ToBeFocusedAsync();
        await journey.Page.Keyboard.PressAsync("Tab");
        await journey.Page.Keyboard.PressAsync("Tab");
        await Expect(journey.Button("gulfport")).ToBeFocusedAsync();

        await site.SayAsync(Low, "gulfport");
        await Expect(journey.Full("gulfport")).ToBeFocusedAsync();

        await site.SayAsync(Restored, "gulfport");
        await Expect(journey.Button("gulfport")).ToBeFocusedAsync();
        await journey.Page.Keyboard.PressAsync("Enter");
        await Expect(journey.Page).ToHaveURLAsync(site.Address + "apply/gulfport?");
    }

    [Fact]
    public async Task Stream_WhenItBreaks_IsTakenUpAgain()
    {
        await using var journey = await site.OpenAsync();
        await site.SayAsync(Low, "gulfport");
        await Expect(journey.Full("gulfport")).ToBeVisibleAsync();

        await site.Mesh.StopAsync("journey", Ct);
        var restored = await site.Mesh.PublishAsync(Restored, new { facility = "gulfport", bedsFree = 48 }, Ct);
        await site.Mesh.StartAsync("journey", Ct);

        await site.Mesh.Handled("journey", restored, JourneySite.Soon);
        await Expect(journey.Button("gulfport")).ToBeVisibleAsync(new() { Timeout = 30_000 });
    }

    [Theory]
    [InlineData(ColorScheme.Light, false)]
    [InlineData(ColorScheme.Dark, false)]
    [InlineData(ColorScheme.Light, true)]
    [InlineData(ColorScheme.Dark, true)]
    public async Task Page_ByAxe_HasNoViolations(ColorScheme scheme, bool phone)
    {
        await using var journey = await site.OpenAsync(new(phone ? Phone : new()) { ColorScheme = scheme });
        await site.SayAsync(Low, "washington");
        await Expect(journey.Full("washington")).ToBeVisibleAsync();

        await ShouldPassAxeAsync(journey.Page);
        await Pictures.TakeAsync(journey.Page, $"journey-home-{scheme}-{(phone ? "phone" : "desktop")}");
        if (phone)
        {
            var (wide, high) = (await journey.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), (await journey.Button("gulfport").BoundingBoxAsync())!.Height);
            wide.ShouldBeLessThanOrEqualTo(360);
            high.ShouldBeGreaterThanOrEqualTo(44);
        }

        foreach (var path in (string[])["apply/gulfport", "apply/washington", "apply/atlantis"])
        {
            await journey.Page.GotoAsync(site.Address + path);
            await ShouldPassAxeAsync(journey.Page);
            await Pictures.TakeAsync(journey.Page, $"journey-{path.Replace('/', '-')}-{scheme}-{(phone ? "phone" : "desktop")}");
        }

        await site.SayAsync(Restored, "washington");
        // The browser notes a page that answers 404 or 409; nothing else may be there.
        journey.Complaints.ShouldAllBe(c => c.StartsWith("Failed to load resource: the server responded with a status of 4", StringComparison.Ordinal));
    }

    private static async Task ShouldPassAxeAsync(IPage page)
    {
        var result = await page.RunAxe();
        result.Violations.Select(v => $"{v.Id}: {v.Help} at {string.Join(", ", v.Nodes.Select(n => n.Target))}").ShouldBeEmpty(page.Url);
        result.Passes.ShouldNotBeEmpty();
    }
}
