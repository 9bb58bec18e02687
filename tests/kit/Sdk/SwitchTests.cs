using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace HmsMesh.Kit.Tests;

[Trait("Category", "Slow")]
public class SwitchTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("-p:DaprSdk=nuget", false)]
    public async Task DaprSdk_Switch_SwapsTheReferences(string property, bool isOurs)
    {
        var root = typeof(SwitchTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { "msbuild", Path.Combine(root, "services/kit/HmsMesh.Kit.csproj"), "-getItem:ProjectReference,PackageReference", "-nodeReuse:false" },
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        if (property.Length > 0)
        {
            start.ArgumentList.Add(property);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);

        var items = JsonElement.Parse(output).GetProperty("Items");
        items.GetProperty("ProjectReference").EnumerateArray().Any(i => i.GetProperty("Identity").GetString()!.EndsWith("HmsMesh.DaprSdk.csproj")).ShouldBe(isOurs);
        items.GetProperty("PackageReference").EnumerateArray().Any(i => i.GetProperty("Identity").GetString() == "Dapr.AspNetCore").ShouldBe(!isOurs);
    }
}
