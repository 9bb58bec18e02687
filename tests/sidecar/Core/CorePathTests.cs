using HmsMesh.Sidecar.Api;

namespace HmsMesh.Sidecar.Tests.Core;

public class CorePathTests
{
    [Theory]
    [InlineData("/v1.0/publish/pubsub/orders", "/v1.0/publish/pubsub/orders")]
    [InlineData("/v1.0//publish/pubsub//orders/", "/v1.0/publish/pubsub/orders")]
    [InlineData("/v1.0/publish/pubsub/a/./b/../c", "/v1.0/publish/pubsub/a/c")]
    [InlineData("/../../v1.0/healthz", "/v1.0/healthz")]
    [InlineData("/v1.0/publish/pubsub/a%2F%2Fb%2e%2e", "/v1.0/publish/pubsub/a%2F%2Fb%2e%2e")]
    [InlineData("/v1.0/publish/pubsub/.hidden", "/v1.0/publish/pubsub/.hidden")]
    [InlineData("//", "/")]
    public void TryClean_Path_IsWhatDaprdRoutesBy(string path, string expected)
    {
        SentPath.TryClean(path, out var cleaned).ShouldBeTrue();
        cleaned.ToString().ShouldBe(expected);
    }

    [Theory]
    [InlineData("/v1.0/publish/pubsub/100%")]
    [InlineData("/v1.0/publish/pubsub/a%zz")]
    [InlineData("/v1.0/publish/pubsub/a%2")]
    public void TryClean_BadEscape_IsRefused(string path) => SentPath.TryClean(path, out _).ShouldBeFalse();

    [Fact]
    public async Task Call_MetadataTwice_TheFirstCounts()
    {
        await using var host = await CoreHost.StartAsync(new() { ["p.yaml"] = CoreHost.Component("pubsub", "pubsub.in-memory") });

        var answer = await host.Http.PostAsync("/v1.0/publish/pubsub/a?metadata.rawPayload=maybe&metadata.rawPayload=true", null, CoreHost.Token);

        (await answer.Content.ReadAsStringAsync(CoreHost.Token)).ShouldContain("actual is 'maybe'");
    }
}
