using System.Diagnostics;
using HmsMesh.EndToEnd.Tests.Support;

namespace HmsMesh.EndToEnd.Tests.Payout;

/// <summary>npm is there and fails, as without a network: the portal has its own look, and says how to get the other.</summary>
[Trait("Category", "Slow")]
public sealed class FailingNpmTests
{
    private const string Npm = """
        #!/bin/sh
        echo "$@" >>"$NPM_CALLS"
        echo "npm error network request to the registry failed" >&2
        exit 7
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Up_WithAnNpmThatFails_ServesThePortalsOwnLookAndTellsTheRemedy()
    {
        var gateway = await BuiltGatewayAsync();
        using var clone = new SmallClone(
            """
            version: 1
            apps:
              - appID: gateway
                appDirPath: ../services/gateway
                command: [./bin/gateway]
                env:
                  Auth__Issuer: 'http://127.0.0.1:9'
            """);
        var folder = Directory.CreateDirectory(Path.Combine(clone.Root, "services", "gateway"));
        // As it is built, and without what npm may have brought.
        using (var copy = Process.Start("cp", ["-r", Path.Combine(gateway, "bin"), Path.Combine(gateway, "package.json"), Path.Combine(gateway, "package-lock.json"), folder.FullName]))
            await copy.WaitForExitAsync(Ct);
        clone.Write("path/npm", Npm);
        File.SetUnixFileMode(Path.Combine(clone.Root, "path", "npm"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var calls = Path.Combine(clone.Root, "calls");
        await using var mesh = new Mesh(clone.Program, new Dictionary<string, string>
        {
            ["PATH"] = $"{Path.Combine(clone.Root, "path")}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}",
            ["NPM_CALLS"] = calls,
        });

        await mesh.UpAsync();

        await Eventually.TrueAsync(() => mesh.Host.Error.Any(line => line.Contains("goes on without", StringComparison.Ordinal)), Mesh.ToReact, $"what npm lacks in\n{mesh.Host.Everything}");
        mesh.Host.Error.ShouldContain(
            $"mesh: gateway goes on without its packages of npm: 'npm ci' in {folder.FullName} failed (7): npm error network request to the registry failed; mend it and 'mesh restart gateway'.");
        (await File.ReadAllLinesAsync(calls, Ct)).ShouldHaveSingleItem().ShouldStartWith("ci ");
        var status = await mesh.StatusAsync("gateway");
        status.GetProperty("state").GetString().ShouldBe("healthy");
        using var portal = new HttpClient { BaseAddress = new Uri(status.GetProperty("address").GetString()!) };
        var page = await portal.GetStringAsync("/", Ct);
        page.ShouldContain("data-look=\"plain\"");
        page.ShouldContain("href=\"/assets/plain.css\"");
        page.ShouldNotContain("/uswds/");
        using var style = await portal.GetAsync("/assets/plain.css", Ct);
        style.EnsureSuccessStatusCode();
        style.Content.Headers.ContentType!.MediaType.ShouldBe("text/css");
        (await style.Content.ReadAsStringAsync(Ct)).ShouldContain(".usa-button");
    }

    /// <summary>The folder of the gateway, built as the launcher builds it.</summary>
    private static async Task<string> BuiltGatewayAsync()
    {
        await using var building = Running.Start(Path.Combine(Repository.Root, "mesh"), ["build-services"]);
        (await building.EndAsync(Mesh.ToStart)).Code.ShouldBe(0, building.Everything);
        return Path.Combine(Repository.Root, "services", "gateway");
    }
}
