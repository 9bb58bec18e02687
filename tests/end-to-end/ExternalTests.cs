using HmsMesh.EndToEnd.Tests.Support;

namespace HmsMesh.EndToEnd.Tests;

[Trait("Category", "Slow")]
public class ExternalTests
{
    [Fact]
    public async Task External_ComesGoesAndComesAgain_MissesNoEvent()
    {
        await using var mesh = await new Mesh().UpAsync("--external", "staffing", "capacity");
        var file = (await mesh.StatusAsync("staffing")).GetProperty("environmentFile").GetString()!;
        mesh.Host.Out.ShouldContain(line => line.Contains($". '{file}'", StringComparison.Ordinal));
        File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await StateAsync(mesh, "awaited");
        var early = await mesh.PublishAsync("""{"facility":"gulfport","bedsFree":3}""");

        await using (var first = Develop(file))
        {
            await HandledAsync(first, early);
            await StateAsync(mesh, "healthy");
        }

        await StateAsync(mesh, "awaited");
        var meanwhile = await mesh.PublishAsync("""{"facility":"gulfport","bedsFree":2}""");
        (await mesh.RunAsync("scale", "staffing", "2")).Error.ShouldContain("--external");
        await using (var second = Develop(file))
        {
            await HandledAsync(second, meanwhile);
            (await mesh.RunAsync("stop", "staffing")).Code.ShouldBe(0);
            Running.IsAlive(second.Pid).ShouldBeTrue();
            File.Exists(file).ShouldBeFalse();
        }
    }

    /// <summary>As a developer would: the shell takes the file, then becomes the program.</summary>
    private static Running Develop(string file) =>
        Running.Start("sh", ["-c", $"set -a; . '{file}'; set +a; exec '{Path.Combine(Repository.Root, "services", "staffing", "bin", "staffing")}'"]);

    private static Task<string> HandledAsync(Running process, string id) =>
        process.LineAsync(line => line.Contains("handled", StringComparison.Ordinal) && line.Contains(id, StringComparison.Ordinal), Mesh.ToReact, $"handling {id}");

    private static Task StateAsync(Mesh mesh, string state) => Eventually.TrueAsync(
        async () => (await mesh.StatusAsync("staffing")).GetProperty("state").GetString() == state, Mesh.ToReact, $"the state {state}");
}
