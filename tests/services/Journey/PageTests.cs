using System.Net;
using System.Text.RegularExpressions;
using HmsMesh.Journey;
using HmsMesh.Testing;

namespace HmsMesh.Services.Tests.Journey;

/// <summary>The page as it leaves the service, without a browser.</summary>
public sealed partial class PageTests : IAsyncLifetime
{
    private InProcessMesh _mesh = null!;
    private HttpClient _client = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _mesh = await InProcessMesh.StartAsync(m => m.Add<JourneyService>(), Ct);
        // A citizen has no token.
        _client = new HttpClient { BaseAddress = _mesh.Address("journey") };
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_mesh is not null)
            await _mesh.DisposeAsync();
    }

    [Fact]
    public async Task Page_AsRendered_IsWholeAndAllowsNothingInline()
    {
        using var answer = await _client.GetAsync("/", Ct);
        var html = await answer.Content.ReadAsStringAsync(Ct);

        Regex.Count(html, "Apply today").ShouldBe(2);
        html.ShouldNotContain("No beds free now");
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldStartWith("default-src 'none'");
        policy.ShouldNotContain("unsafe");
        html.ShouldNotContain("style=");
        html.ShouldNotContain("<style");
        InlineScript().IsMatch(html).ShouldBeFalse();
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task Assets_ThatThePageNames_AreThereForGood()
    {
        var html = await _client.GetStringAsync("/", Ct);
        var paths = Asset().Matches(html).Select(m => m.Value).Distinct().ToList();

        paths.Count.ShouldBe(3);
        foreach (var path in paths)
        {
            using var answer = await _client.GetAsync(path, Ct);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
            answer.Headers.CacheControl!.MaxAge.ShouldBe(TimeSpan.FromDays(365));
        }
    }

    [Theory]
    [InlineData("/assets/journey.css")]
    [InlineData("/assets/..%2Fjourney.dll")]
    [InlineData("/apply/atlantis")]
    [InlineData("/nothing")]
    public async Task Path_ThatIsNotThere_IsNotFound(string path)
    {
        using var answer = await _client.GetAsync(path, Ct);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Path_OfNoPage_IsAPageThatSaysSo()
    {
        using var answer = await _client.GetAsync("/nothing", Ct);

        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        (await answer.Content.ReadAsStringAsync(Ct)).ShouldContain("<h1>No such page</h1>");
        answer.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Page_ForHeadersAlone_IsThere()
    {
        using var answer = await _client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/"), Ct);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/mesh/stats", HttpStatusCode.Unauthorized)]
    [InlineData("/healthz", HttpStatusCode.OK)]
    public async Task Path_OfTheKit_IsStillItsOwn(string path, HttpStatusCode expected)
    {
        using var answer = await _client.GetAsync(path, Ct);

        answer.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task ApplyPage_WithAHostileName_EchoesNothing()
    {
        using var answer = await _client.GetAsync("/apply/%3Cscript%3Ealert(1)%3C%2Fscript%3E", Ct);

        (await answer.Content.ReadAsStringAsync(Ct)).ShouldNotContain("alert(1)");
    }

    [GeneratedRegex("<script(?![^>]*src=)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex InlineScript();

    [GeneratedRegex("/assets/[a-z]+\\.[0-9a-f]{12}\\.[a-z]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Asset();
}
