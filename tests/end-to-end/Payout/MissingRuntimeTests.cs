using System.Text.Json;
using HmsMesh.EndToEnd.Tests.Support;

namespace HmsMesh.EndToEnd.Tests.Payout;

/// <summary>A machine without Node and Python: their services are skipped, and all else works.</summary>
[Trait("Category", "Slow")]
public sealed class MissingRuntimeTests
{
    private static readonly string[] Missing = ["node", "nodejs", "npm", "npx"];

    [Fact]
    public async Task Up_WithoutNodeAndPython_SkipsTheirServicesAndPays()
    {
        using var path = new TemporaryFolder();
        foreach (var program in Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Where(Directory.Exists).SelectMany(Directory.GetFiles))
        {
            var name = Path.GetFileName(program);
            var link = Path.Combine(path.Path, name);
            if (!Missing.Contains(name) && !name.StartsWith("python", StringComparison.Ordinal) && !File.Exists(link))
                File.CreateSymbolicLink(link, program);
        }

        await using var mesh = new Mesh(environment: new Dictionary<string, string> { ["PATH"] = path.Path });
        var up = await mesh.RunAsync("up", "--detach", "auth", "gateway", "claims", "payments", "bank", "notifier", "veterans-affairs");

        foreach (var (service, remedy) in new[] { ("notifier", "install"), ("veterans-affairs", "'python3'") })
        {
            var status = await mesh.StatusAsync(service);
            status.GetProperty("state").GetString().ShouldBe("skipped", up.Error);
            status.GetProperty("problem").GetString()!.ShouldContain(remedy);
            up.Out.Split('\n').ShouldContain(line => line.StartsWith(service, StringComparison.Ordinal) && line.Contains("skipped", StringComparison.Ordinal));
        }

        using var gateway = new HttpClient { BaseAddress = new Uri((await mesh.StatusAsync("gateway")).GetProperty("address").GetString()!) };
        gateway.DefaultRequestHeaders.Authorization = new("Bearer", (await mesh.RunAsync("token", "citizen", "diego")).Out.Trim());
        using var form = new StringContent(PayoutMesh.Form().ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using var filed = await gateway.PostAsync("/api/claims", form, TestContext.Current.CancellationToken);
        filed.StatusCode.ShouldBe(System.Net.HttpStatusCode.Created);
        var id = JsonElement.Parse(await filed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("claimId").GetString();
        await Eventually.TrueAsync(
            async () => JsonElement.Parse(await gateway.GetStringAsync($"/api/claims/{id}", TestContext.Current.CancellationToken)).GetProperty("status").GetString() == "paid",
            Mesh.ToReact,
            "a paid claim");
    }
}
