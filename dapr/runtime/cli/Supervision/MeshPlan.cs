using HmsMesh.Cli.Data;
using HmsMesh.Cli.RunFile;
using HmsMesh.Sidecar;

namespace HmsMesh.Cli.Supervision;

/// <summary>Settles who runs, where and with which secrets, before anything starts.</summary>
internal sealed record MeshPlan(IReadOnlyList<ServicePlan> Services, IReadOnlyList<SidecarOptions> Sidecars, SidecarOptions Own)
{
    /// <summary>The mesh's own app id, by which `mesh publish` speaks.</summary>
    public const string OwnAppId = "mesh";

    public static MeshPlan Make(MeshContext context, UpRequest request, DataFolder data)
    {
        var apps = Choose(RunFileReader.Read(context.RunFile), request.Services);
        var resources = Resources(context, request.Broker);
        var unknown = request.Ports.Keys.FirstOrDefault(name => apps.All(app => app.AppId != name));
        if (unknown is not null)
            throw new MeshException($"--port names '{unknown}', which is no service that runs.", ExitCode.Usage);

        var ports = PortBook.Open(data);
        var tokens = new TokenBook(data);
        foreach (var (name, port) in request.Ports)
            ports.Ask(name, port);
        var services = apps.Select(app => new ServicePlan
        {
            App = app,
            AppPort = request.Ports.TryGetValue(app.AppId, out var asked) ? asked : ports.Give(app.AppId),
            SidecarPort = ports.Give(app.AppId + "/sidecar"),
            ApiToken = tokens.ApiToken(app.AppId),
            AppToken = tokens.AppToken(app.AppId),
            Data = data.Services,
            Page = AsyncApiPage.Of(app.Folder),
        }).ToList();
        var own = new SidecarOptions
        {
            AppId = OwnAppId,
            HttpPort = ports.Give(OwnAppId + "/sidecar"),
            ApiToken = tokens.ApiToken(OwnAppId),
            ResourcesPaths = Resources(apps[0], resources),
            ConfigPaths = apps[0].ConfigPath is { } config ? [config] : [],
            DataPath = data.Path,
            RefuseBrokenResources = true,
            Environment = Environment(apps[0], data),
        };
        ports.Save();
        return new MeshPlan(services, [.. services.Select(service => Sidecar(service, resources, data))], own);
    }

    private static IReadOnlyList<RunApp> Choose(IReadOnlyList<RunApp> apps, IReadOnlyList<string> asked)
    {
        var known = apps.Select(app => app.AppId).ToList();
        if (asked.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw new MeshException(
                $"there is no service '{unknown}'{Suggestion.For(unknown, known)}; there are {string.Join(", ", known)}.", ExitCode.Usage);

        return asked.Count == 0 ? apps : [.. apps.Where(app => asked.Contains(app.AppId))];
    }

    private static string Resources(MeshContext context, string broker)
    {
        var folder = context.ComponentsOf(broker);
        if (Directory.Exists(folder))
            return folder;
        var all = Path.GetDirectoryName(folder)!;
        var known = Directory.Exists(all) ? Directory.GetDirectories(all).Select(path => Path.GetFileName(path)).Order().ToList() : [];
        throw new MeshException(
            $"there is no broker '{broker}': {folder} is missing{Suggestion.For(broker, known)}; there are {string.Join(", ", known)}.", ExitCode.Usage);
    }

    /// <summary>The run file names the folder of a broker that daprd has; the chosen one takes its place.</summary>
    private static IReadOnlyList<string> Resources(RunApp app, string chosen)
    {
        var brokers = Path.GetDirectoryName(chosen);
        var own = app.ResourcesPaths.Where(path => Path.GetDirectoryName(path) != brokers).Where(path => path != chosen);
        return [chosen, .. own];
    }

    private static SidecarOptions Sidecar(ServicePlan plan, string resources, DataFolder data) => new()
    {
        AppId = plan.Name,
        HttpPort = plan.SidecarPort,
        AppPort = plan.AppPort,
        AppProtocol = plan.App.AppProtocol,
        AppMaxConcurrency = plan.App.AppMaxConcurrency,
        AppHealth = plan.App.AppHealth,
        ApiToken = plan.ApiToken,
        AppToken = plan.AppToken,
        ResourcesPaths = Resources(plan.App, resources),
        ConfigPaths = plan.App.ConfigPath is { } config ? [config] : [],
        DataPath = data.Path,
        RefuseBrokenResources = true,
        LogLevel = plan.App.LogLevel,
        EnableApiLogging = plan.App.EnableApiLogging,
        Environment = Environment(plan.App, data),
    };

    private static Dictionary<string, string> Environment(RunApp app, DataFolder data)
    {
        var environment = new Dictionary<string, string>();
        foreach (System.Collections.DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
            environment[(string)entry.Key] = (string?)entry.Value ?? "";
        foreach (var (name, value) in app.Environment)
            environment[name] = value;
        // Where components/embedded keep theirs.
        environment["MESH_STATE"] = data.State;
        environment["MESH_SECRETS"] = data.Secrets;
        return environment;
    }
}
