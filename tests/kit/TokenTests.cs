using System.Net;

namespace HmsMesh.Kit.Tests;

public class TokenTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/shifts", null, HttpStatusCode.Unauthorized)]
    [InlineData("/shifts", "app-toke", HttpStatusCode.Unauthorized)]
    [InlineData("/shifts", "app-token2", HttpStatusCode.Unauthorized)]
    [InlineData("/shifts", "", HttpStatusCode.Unauthorized)]
    [InlineData("/shifts", "app-token", HttpStatusCode.OK)]
    [InlineData("/mesh/stats", null, HttpStatusCode.Unauthorized)]
    [InlineData("/mesh/stats", "app-token", HttpStatusCode.OK)]
    [InlineData("/events/beds.low", null, HttpStatusCode.Unauthorized)]
    [InlineData("/nothing-here", null, HttpStatusCode.Unauthorized)]
    [InlineData("/nothing-here", "app-token", HttpStatusCode.NotFound)]
    [InlineData("/healthz", null, HttpStatusCode.OK)]
    [InlineData("/page", null, HttpStatusCode.OK)]
    public async Task Route_Token_DecidesUnlessItIsPublic(string path, string? token, HttpStatusCode expected)
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.Sqlite);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var service = await RunningService.StartAsync(database, sidecar.Endpoint);
        service.Http.DefaultRequestHeaders.Remove("dapr-api-token");
        if (token is not null)
        {
            service.Http.DefaultRequestHeaders.TryAddWithoutValidation("dapr-api-token", token);
        }

        (await service.Http.GetAsync(path, Ct)).StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task Route_BodyOverTheLimit_IsRefused()
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.Sqlite);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var service = await RunningService.StartAsync(database, sidecar.Endpoint);
        using var content = new ByteArrayContent(new byte[(1 << 20) + 1]);
        content.Headers.ContentType = new("application/json");

        (await service.Http.PostAsync("/shifts", content, Ct)).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }
}
