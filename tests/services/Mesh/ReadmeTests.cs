using System.Reflection;
using HmsMesh.Staffing;
using HmsMesh.Testing;

namespace HmsMesh.Services.Tests.Mesh;

public class ReadmeTests
{
    private static readonly string Root = typeof(ReadmeTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(one => one.Key == "RepositoryRoot").Value!;

    [Fact]
    public async Task Example_LineForLine_Works()
    {
#pragma warning disable xUnit1051 // the example is the README's
        await using var mesh = await InProcessMesh.StartAsync(m => m.Add<StaffingService>());
        var id = await mesh.PublishAsync("afrh.capacity.low", new { facility = "gulfport", bedsFree = 4 });
        var handled =
            await mesh.Handled("staffing", id, TimeSpan.FromSeconds(2));
#pragma warning restore xUnit1051
        handled.ShouldNotBeNull();
    }

    [Fact]
    public async Task Example_OfTheReadme_IsTheOneThatRuns()
    {
        var ct = TestContext.Current.CancellationToken;
        var readme = await File.ReadAllTextAsync(Path.Combine(Root, "README.md"), ct);
        var own = await File.ReadAllTextAsync(Path.Combine(Root, "tests", "services", "Mesh", "ReadmeTests.cs"), ct);

        var lines = readme.Split("```csharp\n")[1].Split("```")[0].Split('\n', StringSplitOptions.RemoveEmptyEntries);

        lines.Length.ShouldBe(3);
        lines.ShouldAllBe(line => own.Contains("    " + line + "\n", StringComparison.Ordinal));
    }
}
