namespace HmsMesh.Cli.New;

/// <summary>The test project of a new service: the service with its sidecar and broker inside the test process.</summary>
internal static class NewServiceTests
{
    public static string Project(NewService service) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <RootNamespace>{service.TestProjectName}</RootNamespace>
          </PropertyGroup>
          <ItemGroup>
            <ProjectReference Include="../../dapr/runtime/testing/HmsMesh.Testing.csproj" />
            <ProjectReference Include="../../services/{service.AppId}/{service.ProjectName}.csproj" />
          </ItemGroup>
        </Project>

        """;

    public static string Class(NewService service)
    {
        const string Quotes = "\"\"\"";
        var events = service.Hears.Select(heard => $"""
                [InlineData("{heard.Topic}", {Quotes}{heard.Example}{Quotes})]

            """);
        return $$"""
            using System.Text.Json;
            using HmsMesh.Testing;

            namespace {{service.TestProjectName}};

            public class {{Words.Pascal(service.AppId)}}Tests
            {
                private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

                [Theory]
            {{string.Concat(events)}}    public async Task Event_Published_IsHandledAndNoted(string topic, string data)
                {
                    var cancellation = TestContext.Current.CancellationToken;
                    await using var mesh = await InProcessMesh.StartAsync(builder => builder.Add<Program>(), cancellation);

                    var id = await mesh.PublishAsync(topic, JsonElement.Parse(data), cancellation);

                    await mesh.Handled("{{service.AppId}}", id, Patience);
                    var said = await mesh.Said("{{service.AppId}}", "{{service.Says.Topic}}", Patience, causedBy: id);
                    said.Subject.ShouldBe(id);
                }
            }

            """;
    }
}
