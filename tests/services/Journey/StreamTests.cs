using System.Net;
using HmsMesh.Journey;
using HmsMesh.Journey.Stream;
using HmsMesh.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace HmsMesh.Services.Tests.Journey;

/// <summary>The stream of changes as a browser reads it, on the real service.</summary>
public sealed class StreamTests : IAsyncLifetime
{
    private const int Most = 3;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);
    private InProcessMesh _mesh = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _mesh = await InProcessMesh.StartAsync(
        m => m.Add<JourneyService>(services => services.AddSingleton(new StreamOptions { MostStreams = Most, Heartbeat = TimeSpan.FromMilliseconds(200) })), Ct);

    public ValueTask DisposeAsync() => _mesh?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Stream_AtItsStart_TellsEveryOption()
    {
        await using var stream = await OpenAsync();

        var first = await stream.NextAsync("option");
        var second = await stream.NextAsync("option");

        new[] { first.Data, second.Data }.Order().ShouldBe(["""{"facility":"gulfport","canApply":true}""", """{"facility":"washington","canApply":true}"""]);
    }

    [Fact]
    public async Task Stream_WhenAnEventPasses_TellsTheChangeUnderAGreaterId()
    {
        await using var stream = await OpenAsync();
        await stream.NextAsync("option");
        var before = await stream.NextAsync("option");

        await SayAsync("afrh.capacity.low", "gulfport");

        var change = await stream.NextAsync("option");
        change.Data.ShouldBe("""{"facility":"gulfport","canApply":false}""");
        change.Id.ShouldBeGreaterThan(before.Id);
    }

    [Fact]
    public async Task Stream_WithTheLastId_TellsOnlyWhatWasMissed()
    {
        long last;
        await using (var stream = await OpenAsync())
        {
            await stream.NextAsync("option");
            last = (await stream.NextAsync("option")).Id;
        }

        await SayAsync("afrh.capacity.low", "washington");
        await using var again = await OpenAsync(last.ToString(System.Globalization.CultureInfo.InvariantCulture));

        (await again.NextAsync("option")).Data.ShouldBe("""{"facility":"washington","canApply":false}""");
        (await again.NextAsync()).Event.ShouldBe("beat");
    }

    [Theory]
    [InlineData("999999999")]
    [InlineData("-1")]
    [InlineData("not a number")]
    public async Task Stream_WithAnIdThatIsNotOurs_TellsEverything(string id)
    {
        await using var stream = await OpenAsync(id);

        await stream.NextAsync("option");
        (await stream.NextAsync()).Event.ShouldBe("option");
    }

    [Fact]
    public async Task Stream_InSilence_Beats()
    {
        await using var stream = await OpenAsync();

        await stream.NextAsync("beat");
        await stream.NextAsync("beat");
    }

    [Fact]
    public async Task Stream_BeyondTheLimit_IsAskedToComeBackUntilOneLeaves()
    {
        var open = new List<ServerSentEvents>();
        for (var i = 0; i < Most; i++)
            open.Add(await OpenAsync());

        using (var refused = await GetAsync(lastId: null))
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            refused.Headers.RetryAfter.ShouldNotBeNull();
        }

        await open[0].DisposeAsync();
        // The service learns of it when it next writes; a browser that comes back finds a place then.
        using var limit = new CancellationTokenSource(Soon);
        while (true)
        {
            using var answer = await GetAsync(lastId: null);
            if (answer.IsSuccessStatusCode)
                break;
            limit.Token.ThrowIfCancellationRequested();
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }

        foreach (var one in open)
            await one.DisposeAsync();
    }

    [Fact]
    public async Task Stop_WithOpenStreams_DoesNotWaitForThem()
    {
        await using var stream = await OpenAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(8));

        await _mesh.StopAsync("journey", limit.Token);

        await stream.EndAsync();
    }

    private async Task SayAsync(string topic, string facility) =>
        await _mesh.Handled("journey", await _mesh.PublishAsync(topic, new { facility, bedsFree = 4 }, Ct), Soon);

    private async Task<ServerSentEvents> OpenAsync(string? lastId = null)
    {
        var answer = await GetAsync(lastId);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        return new ServerSentEvents(answer, await answer.Content.ReadAsStreamAsync(Ct), Soon);
    }

    /// <summary>Without a token: the stream is public, like the page.</summary>
    private async Task<HttpResponseMessage> GetAsync(string? lastId)
    {
        using var client = new HttpClient { BaseAddress = _mesh.Address("journey"), Timeout = Soon };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/stream");
        if (lastId is not null)
            request.Headers.Add("Last-Event-ID", lastId);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
    }
}
