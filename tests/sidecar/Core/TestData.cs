using System.Reflection;

namespace HmsMesh.Sidecar.Tests.Core;

/// <summary>The files of tests/sidecar/Data.</summary>
internal static class TestData
{
    private static readonly string Root = typeof(TestData).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(static metadata => metadata.Key == "RepositoryRoot").Value!;

    public static string Path(string name) => System.IO.Path.Combine(Root, "tests", "sidecar", "Data", name);
}
