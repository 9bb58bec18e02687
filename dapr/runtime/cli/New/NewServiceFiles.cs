using HmsMesh.Cli.Generate.Files;

namespace HmsMesh.Cli.New;

/// <summary>The files of a new service and of its tests.</summary>
internal static class NewServiceFiles
{
    public static IEnumerable<GeneratedFile> Of(NewService service)
    {
        var (folder, tests) = (service.Path, $"tests/{service.AppId}");
        yield return new($"{folder}/{service.ProjectName}.csproj", Project(service));
        yield return new($"{folder}/Program.cs", Program(service));
        yield return new($"{folder}/Log.cs", LogClass(service));
        foreach (var heard in service.Hears)
            yield return new($"{folder}/{heard.Type}.cs", Record(service, heard));
        yield return new($"{folder}/{service.Says.Type}.cs", Record(service, service.Says));
        yield return new($"{folder}/contracts/{service.Says.Topic}.json", NewServiceContract.Schema(service));
        yield return new($"{folder}/asyncapi.yaml", NewServiceContract.AsyncApi(service));
        yield return new($"{folder}/README.md", Readme(service));
        yield return new($"{tests}/{service.TestProjectName}.csproj", NewServiceTests.Project(service));
        yield return new($"{tests}/{Words.Pascal(service.AppId)}Tests.cs", NewServiceTests.Class(service));
    }

    private static string Project(NewService service) => $"""
        <Project Sdk="Microsoft.NET.Sdk.Web">
          <PropertyGroup>
            <AssemblyName>{service.AppId}</AssemblyName>
            <RootNamespace>{service.Namespace}</RootNamespace>
          </PropertyGroup>
          <ItemGroup>
            <ProjectReference Include="../kit/HmsMesh.Kit.csproj" />
            <InternalsVisibleTo Include="{service.TestProjectName}" />
          </ItemGroup>
        </Project>

        """;

    private static string Program(NewService service)
    {
        var hears = service.Hears.Select(heard => $$"""
            mesh.Hears<{{heard.Type}}>("{{heard.Topic}}", (_, handling, _) =>
            {
                Log.Heard(handling.Log, handling.Event.Id, handling.Age.TotalMilliseconds);
                handling.Say("{{service.Says.Topic}}", new {{service.Says.Type}}(handling.Event.Id));
                return Task.CompletedTask;
            });

            """);
        return $$"""
            {{string.Join('\n', new[] { "HmsMesh.Kit", service.Namespace }.Order(StringComparer.Ordinal).Select(name => $"using {name};"))}}

            var mesh = MeshService.Create(args);
            mesh.Says<{{service.Says.Type}}>("{{service.Says.Topic}}");
            {{string.Concat(hears)}}await mesh.RunAsync();

            """;
    }

    private static string LogClass(NewService service) => $$"""
        namespace {{service.Namespace}};

        internal static partial class Log
        {
            [LoggerMessage(1, LogLevel.Information, "Heard event {EventId}, {Age:F1} ms after it")]
            public static partial void Heard(ILogger logger, string eventId, double age);
        }

        """;

    private static string Record(NewService service, NewEvent @event) => $"""
        namespace {service.Namespace};

        internal sealed record {@event.Type}{(@event.Fields.Count == 0 ? "" : $"({string.Join(", ", @event.Fields)})")};

        """;

    private static string Readme(NewService service) => $"""
        # {service.AppId}

        Hears {string.Join(", ", service.Hears.Select(heard => $"`{heard.Topic}`"))}, logs it with its age, and says `{service.Says.Topic}`.

        - `Program.cs` is the whole of it: one line for what it says, one for each event that it hears. A handler runs in one
          transaction (`handling.Db`); what it says there leaves if that commits. It may run again when it fails, and never
          again once it is done.
        - `asyncapi.yaml` tells the mesh what it says and hears. After a change run `mesh generate`.
        - `contracts/{service.Says.Topic}.json` is the form of what it says; `docs/contracts.md` tells how to change it.
        - `database/001-what.sql` would make its tables; the kit applies such files in order.

        `mesh test {service.AppId}` runs its test, which is the service with its sidecar inside the test process.

        """;
}
