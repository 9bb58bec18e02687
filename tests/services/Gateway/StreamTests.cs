using System.Net;
using HmsMesh.Kit.Tests;

namespace HmsMesh.Services.Tests.Gateway;

/// <summary>Streams through the gateway: how many, and how long.</summary>
public sealed class StreamTests : IAsyncLifetime
{
    private readonly Door _door = new() { Settings = { ["Gateway:Streams"] = "2", ["Gateway:StreamsPerAddress"] = "1" } };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _door.InitializeAsync();

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Fact]
    public async Task Stream_MoreThanOneCallerMayHave_IsRefusedUntilOneEnds()
    {
        using var eager = _door.Citizen("cit-eager");
        using var patient = _door.Citizen("cit-patient");
        using var stranger = _door.Client();
        using var first = await OpenAsync(eager);
        using var second = await OpenAsync(eager);

        using var third = await OpenAsync(eager);
        using var other = await OpenAsync(patient);
        using var unknown = await OpenAsync(stranger, "/api/afrh/stream");
        using var onemore = await OpenAsync(stranger, "/api/afrh/stream");

        (first.StatusCode, second.StatusCode, other.StatusCode, unknown.StatusCode).ShouldBe((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK));
        await Door.ProblemAsync(third, HttpStatusCode.TooManyRequests);
        third.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(30));
        onemore.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        first.Dispose();
        await Eventually.BeAsync(async () =>
        {
            using var again = await OpenAsync(eager);
            return again.StatusCode == HttpStatusCode.OK;
        }, "a place that was left is taken", seconds: 60);
    }

    [Fact]
    public async Task SignOut_EndsTheStreamsOfTheSession()
    {
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = _door.Mesh.Address("gateway") };
        var answer = await browser.GetAsync("/sign-in", Ct);
        for (var hops = 0; hops < 5 && answer.Headers.Location is { } next; hops++)
            answer = await browser.GetAsync(new Uri(answer.RequestMessage!.RequestUri!, next), Ct);
        using var stream = await OpenAsync(browser);
        stream.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-out");
        request.Headers.Add("X-CSRF", "1");

        (await browser.SendAsync(request, Ct)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await stream.Content.ReadAsStringAsync(Ct).WaitAsync(TimeSpan.FromSeconds(60), Ct);
    }

    private static Task<HttpResponseMessage> OpenAsync(HttpClient client, string path = "/api/stream") => client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Ct);
}
