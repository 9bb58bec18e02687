using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace HmsMesh.Browser.Tests.Portal;

/// <summary>What a page does by itself so that its session is ready, by a clock that the test moves.</summary>
[Trait("Category", "Slow")]
[Collection(PortalCollection.Name)]
public sealed class SessionTests(PortalSite site)
{
    [Fact]
    public async Task Session_OfAPageThatIsSeen_IsKeptReadyEveryTwoMinutesAndNoOlderThanItsUse()
    {
        await using var portal = await site.OpenAsync("/");
        var (page, clock) = (portal.Page, portal.Page.Clock);
        await clock.InstallAsync();
        await portal.GoAsync("/payee");
        var asked = new ConcurrentQueue<string>();
        page.Request += (_, request) =>
        {
            if (IsOfSession(request))
                asked.Enqueue(new Uri(request.Url).PathAndQuery);
        };

        await clock.FastForwardAsync(119_000);
        await page.EvaluateAsync("fetch('/api/payee')");
        asked.ShouldBeEmpty();
        (await NextAsync("02:00")).ShouldBe("/api/session");
        (await NextAsync("02:00")).ShouldBe("/api/session?idle=true");
        await page.GetByLabel("Name on the account").PressAsync("a");
        (await NextAsync("02:00")).ShouldBe("/api/session");
        (await NextAsync("02:00")).ShouldBe("/api/session?idle=true");

        // A page that nobody sees asks nothing, and asks at once when it is seen again.
        await page.EvaluateAsync("Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })");
        await clock.FastForwardAsync("02:00");
        await page.EvaluateAsync("fetch('/api/payee')");
        asked.Count.ShouldBe(4);
        var seen = await page.RunAndWaitForRequestFinishedAsync(
            () => page.EvaluateAsync("delete document.visibilityState; document.dispatchEvent(new Event('visibilitychange'))"), new() { Predicate = IsOfSession });
        new Uri(seen.Url).PathAndQuery.ShouldBe("/api/session?idle=true");

        async Task<string> NextAsync(string later)
        {
            var request = await page.RunAndWaitForRequestFinishedAsync(() => clock.FastForwardAsync(later), new() { Predicate = IsOfSession });
            return new Uri(request.Url).PathAndQuery;
        }
    }

    [Fact]
    public async Task Session_OfAPageThatIsOpenForLong_HasItsTokensRenewed()
    {
        site.Issuer.Lifetime = TimeSpan.FromMinutes(2);
        try
        {
            await using var portal = await site.OpenAsync("/");
            await portal.Page.Clock.InstallAsync();
            await portal.GoAsync("/payee");
            var before = site.Issuer.Refreshes;

            await portal.Page.RunAndWaitForRequestFinishedAsync(() => portal.Page.Clock.FastForwardAsync("02:01"), new() { Predicate = IsOfSession });

            site.Issuer.Refreshes.ShouldBeGreaterThan(before);
        }
        finally
        {
            site.Issuer.Lifetime = TimeSpan.FromMinutes(5);
        }
    }

    private static bool IsOfSession(IRequest request) => request.Url.Contains("/api/session", StringComparison.Ordinal);
}
