using System.Net;

namespace HmsMesh.Sidecar.Tests.Core;

public class CoreTokenTests
{
    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("", HttpStatusCode.Unauthorized)]
    [InlineData("wrong", HttpStatusCode.Unauthorized)]
    [InlineData("t0ken ", HttpStatusCode.NoContent)] // white space around a header's value is no part of it
    [InlineData("t0kenx", HttpStatusCode.Unauthorized)]
    [InlineData("T0KEN", HttpStatusCode.Unauthorized)]
    [InlineData("t0ken", HttpStatusCode.NoContent)]
    public async Task Call_WithToken_CountsOnlyWhenRight(string? shown, HttpStatusCode status)
    {
        await using var host = await CoreHost.StartAsync(
            new() { ["store.yaml"] = CoreHost.Component("store", "state.in-memory") }, options => options with { ApiToken = "t0ken" });
        (await SendAsync(host, "/v1.0/state/store/a", shown)).StatusCode.ShouldBe(status);
        (await SendAsync(host, "/v1.0/metadata", shown)).StatusCode.ShouldBe(status == HttpStatusCode.NoContent ? HttpStatusCode.OK : status);
        (await SendAsync(host, "/nowhere", shown)).StatusCode.ShouldBe(status == HttpStatusCode.NoContent ? HttpStatusCode.NotFound : status);
        (await SendAsync(host, "/v1.0/healthz", shown)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        host.Log.Lines.ShouldNotContain(line => line.Contains("t0ken", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Call_WithTheTokenTwice_IsRefused()
    {
        await using var host = await CoreHost.StartAsync([], options => options with { ApiToken = "t0ken" });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1.0/metadata");
        request.Headers.Add("dapr-api-token", ["wrong", "t0ken"]);
        (await host.Http.SendAsync(request, CoreHost.Token)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static async Task<HttpResponseMessage> SendAsync(CoreHost host, string path, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("dapr-api-token", token);
        }

        return await host.Http.SendAsync(request, CoreHost.Token);
    }
}
