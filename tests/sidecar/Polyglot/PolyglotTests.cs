using System.Diagnostics;
using System.Text.Json;
using HmsMesh.Sidecar.Tests.Core;

namespace HmsMesh.Sidecar.Tests.Polyglot;

/// <summary>A Node and a Python app, each behind a `mesh sidecar` of its own, started in one folder: they find each other, share the
/// broker, and use what a Dapr application uses, over plain HTTP.</summary>
[Trait("Category", "Slow")]
public class PolyglotTests
{
    private const string Resources = """
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata:
          name: pubsub
        spec:
          type: pubsub.embedded
          version: v1
          metadata: []
        ---
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata:
          name: store
        spec:
          type: state.in-memory
          version: v1
          metadata: []
        ---
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata:
          name: env
        spec:
          type: secretstores.local.env
          version: v1
          metadata: []
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 180_000)]
    public async Task MeshSidecar_NodeAndPythonOverPlainHttp_UseEachOther()
    {
        foreach (var program in (string[])["node", "python3"])
        {
            if (!Has(program))
            {
                Assert.Skip($"{program} is not there: install it");
            }
        }

        using var folder = new Folder(new() { ["all.yaml"] = Resources });
        var work = Directory.CreateDirectory(Path.Combine(folder.Path, "work")).FullName;
        await using var node = SidecarWithApp.Start("node-app", work, folder.Path, "node", SidecarWithApp.Program("app.js"));
        await using var python = SidecarWithApp.Start("python-app", work, folder.Path, "python3", SidecarWithApp.Program("app.py"));
        await node.ReadyAsync(Token);
        await python.ReadyAsync(Token);

        await ShouldRunAsync(python.Http, "node-app", "python-app", "hello from python");
        await ShouldRunAsync(node.Http, "python-app", "node-app", "hello from node");

        // Each app hears both events: they are in one broker.
        foreach (var (through, app) in ((HttpClient, string)[])[(node.Http, "python-app"), (python.Http, "node-app")])
        {
            List<string> heard = [];
            while (heard.Distinct().Count() < 2)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Token);
                heard = JsonSerializer.Deserialize<List<string>>(await through.GetStringAsync($"/v1.0/invoke/{app}/method/heard", Token))!;
            }

            heard.Order().Distinct().ShouldBe(["node-app", "python-app"]);
        }
    }

    /// <summary>Has an app, reached through the other one's sidecar, do all that it can.</summary>
    private static async Task ShouldRunAsync(HttpClient through, string app, string other, string hello)
    {
        using var answer = await through.GetAsync($"/v1.0/invoke/{app}/method/run?{other}", Token);
        var text = await answer.Content.ReadAsStringAsync(Token);
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        using var results = JsonDocument.Parse(text);
        var root = results.RootElement;
        root.GetProperty("invoke").GetString().ShouldBe($"\"{hello}\"");
        root.GetProperty("save").GetInt32().ShouldBe(204);
        root.GetProperty("state").GetString().ShouldBe("""{"n":1}""");
        root.GetProperty("secret").GetString().ShouldBe("told by nobody");
        root.GetProperty("id").GetString().ShouldBe(app);
        root.GetProperty("publish").GetInt32().ShouldBe(204);
    }

    private static bool Has(string program)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, "--version") { RedirectStandardOutput = true, UseShellExecute = false })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
