using System.Net;
using System.Reflection;
using System.Text.Json;

namespace HmsMesh.Sidecar.Tests.Core;

/// <summary>What docs/dapr.md says of building blocks that are not here, against what a sidecar answers.</summary>
public class CoreBlockDocumentationTests
{
    private static readonly string[] Page = File.ReadAllLines(Path.Combine(
        typeof(CoreBlockDocumentationTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "RepositoryRoot").Value!, "docs", "dapr.md"));

    [Theory]
    [InlineData("Actors", "POST", "/v1.0/actors/type/id/method/do")]
    [InlineData("workflows", "POST", "/v1.0/workflows/dapr/order/start")]
    [InlineData("bindings", "POST", "/v1.0/bindings/queue")]
    [InlineData("configuration", "GET", "/v1.0/configuration/store?key=a")]
    [InlineData("locks", "POST", "/v1.0-alpha1/lock/store")]
    [InlineData("cryptography", "PUT", "/v1.0-alpha1/crypto/vault/encrypt")]
    [InlineData("jobs", "POST", "/v1.0-alpha1/jobs/nightly")]
    [InlineData("conversation", "POST", "/v1.0-alpha2/conversation/model/converse")]
    public async Task Block_ThatIsNotHere_AnswersWhatThePageSays(string block, string method, string path)
    {
        var row = Page.Single(line => line.StartsWith("| ", StringComparison.Ordinal) && line.Split('|')[1].Contains(block, StringComparison.Ordinal)
            && line.Contains("not yet", StringComparison.Ordinal));
        await using var host = await CoreHost.StartAsync([]);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await host.Http.SendAsync(request, CoreHost.Token);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var code = JsonElement.Parse(await answer.Content.ReadAsStringAsync(CoreHost.Token)).GetProperty("errorCode").GetString()!;
        row.ShouldContain($"404 with `{code}`");
    }

    [Theory]
    [InlineData("POST", "/v1.0/publish/none/topic", "ERR_PUBSUB_NOT_FOUND")]
    [InlineData("GET", "/v1.0/state/none/key", "ERR_STATE_STORE_NOT_CONFIGURED")]
    [InlineData("GET", "/v1.0/secrets/none/key", "ERR_SECRET_STORES_NOT_CONFIGURED")]
    public async Task Component_ThatIsMissing_AnswersWhatThePageSays(string method, string path, string code)
    {
        Page.ShouldContain(line => line.Contains($"`{code}`", StringComparison.Ordinal));
        await using var host = await CoreHost.StartAsync([]);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await host.Http.SendAsync(request, CoreHost.Token);
        JsonElement.Parse(await answer.Content.ReadAsStringAsync(CoreHost.Token)).GetProperty("errorCode").GetString().ShouldBe(code);
    }
}
