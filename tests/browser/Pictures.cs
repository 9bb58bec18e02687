using System.Reflection;
using Microsoft.Playwright;

namespace HmsMesh.Browser.Tests;

/// <summary>Pages as the tests saw them, kept to look at: below artifacts/pictures, or where MESH_PICTURES says.</summary>
internal static class Pictures
{
    private static readonly string Folder = Environment.GetEnvironmentVariable("MESH_PICTURES") is { Length: > 0 } named
        ? named
        : Path.Combine(typeof(Pictures).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!, "artifacts", "pictures");

    public static Task TakeAsync(IPage page, string name, bool isWhole = true) => page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}.png"), FullPage = isWhole });
}
