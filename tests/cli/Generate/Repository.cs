using System.Reflection;

namespace HmsMesh.Cli.Tests.Generate;

/// <summary>The clone that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    public static string DaprData(string file) => Path.Combine(Root, "tests", "cli", "dapr-data", file);
}
