using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HmsMesh.Browser.Tests.Payout;

/// <summary>AFRH's page behind the gateway, from the operator's click to the reader's button.</summary>
[Trait("Category", "Slow")]
[Collection(PayoutCollection.Name)]
public sealed class HomesTests(PayoutSite site)
{
    private const string Dormitory = "[data-dormitory=gulfport-annex]";

    [Fact]
    public async Task Button_WhenTheOperatorClosesADormitory_ChangesFarSoonerThanAHumanNotices()
    {
        await using var reader = await site.OpenAsync("/afrh");
        await using var cole = await site.OpenAsync("/afrh", "cole");
        var (page, button) = (cole.Page, cole.Page.Locator(Dormitory));
        var card = reader.Page.Locator("[data-facility=gulfport]");
        await Expect(card.GetByText("Apply today")).ToBeVisibleAsync();
        await cole.ShouldPassAxeAsync();
        await cole.PictureAsync("real-homes-operator");
        // The pages themselves note the moments, on the clock that the event's time is from too.
        await reader.Page.EvaluateAsync(
            """
            () => {
              window.turned = [];
              const card = document.querySelector("[data-facility=gulfport]");
              new MutationObserver(() => window.turned.push(performance.timeOrigin + performance.now())).observe(card, { attributes: true, attributeFilter: ["data-can-apply"] });
            }
            """);
        await page.EvaluateAsync(
            "() => { window.clicked = []; addEventListener('click', () => window.clicked.push(performance.timeOrigin + performance.now()), true); }");

        for (var round = 0; round < 5; round++)
        {
            await button.ClickAsync();
            await Expect(card.GetByText("No beds free now")).ToBeVisibleAsync();
            await Expect(button).ToContainTextAsync("Reopen");
            if (round == 0)
                await reader.PictureAsync("real-homes-full");
            await button.ClickAsync();
            await Expect(card.GetByText("Apply today")).ToBeVisibleAsync();
            await Expect(button).ToContainTextAsync("Close");
        }

        await reader.ShouldPassAxeAsync();
        var turned = await reader.Page.EvaluateAsync<double[]>("window.turned");
        var clicked = await page.EvaluateAsync<double[]>("window.clicked");
        double[] said = [.. (await site.TimesAsync("afrh.capacity.low")).Concat(await site.TimesAsync("afrh.capacity.restored")).Order()];
        turned.Length.ShouldBe(10);
        var fromEvent = Median(turned.Zip(said[^10..], (seen, at) => seen - at));
        var fromClick = Median(turned.Zip(clicked, (seen, at) => seen - at));
        // What a plain question to the same door takes on this machine now.
        var plain = Median(await reader.Page.EvaluateAsync<double[]>(
            """
            async () => {
              const times = [];
              for (let n = 0; n < 9; n++) {
                const began = performance.now();
                await (await fetch("/api/afrh/options")).json();
                times.push(performance.now() - began);
              }
              return times;
            }
            """));

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"From the event's time to the button: median {fromEvent:F1} ms; from the operator's click: {fromClick:F1} ms; a plain GET through the door: {plain:F1} ms.");
        // A machine that takes long for a plain question takes as much longer for this.
        fromEvent.ShouldBeLessThan(100 + plain);
        reader.Complaints.ShouldBeEmpty();
        cole.Complaints.ShouldBeEmpty();
    }

    private static double Median(IEnumerable<double> times)
    {
        double[] sorted = [.. times.Order()];
        return sorted[sorted.Length / 2];
    }
}
