using System.Reflection;
using HmsMesh.Sidecar.Components;
using HmsMesh.Sidecar.Hosting;

namespace HmsMesh.Sidecar.Tests.Core;

public class CoreFlagDocumentationTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(
        typeof(CoreFlagDocumentationTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "RepositoryRoot").Value!, "docs", "dapr.md"));

    [Fact]
    public void DaprPage_NamesEveryFlagThatMeansNothingAndNoOther()
    {
        foreach (var flag in FlagTable.All.Values) Page.Contains($"`--{flag.Name}`", StringComparison.Ordinal).ShouldBe(flag.Apply is null, flag.Name);
    }

    [Fact]
    public void DaprPage_NamesEveryComponentType()
    {
        foreach (var factory in BuiltInComponents.All) Page.ShouldContain($"| `{factory.Type}` |");
    }

    [Fact]
    public void DaprPage_NamesTheMetadataOfTheEmbeddedBroker()
    {
        var names = BuiltInComponents.All.Single(f => f.Type == "pubsub.embedded").MetadataNames;
        foreach (var name in names) Page.ShouldContain($"`{name}`");
    }
}
