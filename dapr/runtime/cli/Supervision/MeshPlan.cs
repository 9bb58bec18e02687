using HmsMesh.Cli.Data;
using HmsMesh.Cli.RunFile;
using HmsMesh.Cli.Supervision.Sidecars;
using HmsMesh.Sidecar;

namespace HmsMesh.Cli.Supervision;

/// <summary>Settles who runs, where and with which secrets, before anything starts.</summary>
internal sealed class MeshPlan
{
    /// <summary>The mesh's own app id, by which `mesh publish` speaks.</summary>
    public const string OwnAppId = "mesh";

    private readonly UpRequest _request;
    private readonly DataFolder _data;
    private readonly PortBook _ports;
    private readonly TokenBook _tokens;
    private readonly string _resources;
    private readonly AddressBook _addresses;

    /// <summary>Of each service's first instance: given once, since others' addresses name them.</summary>
    private readonly Dictionary<string, int> _appPorts;

    private MeshPlan(MeshContext context, UpRequest request, DataFolder data)
    {
        (_request, _data) = (request, data);
        Apps = Choose(RunFileReader.Read(context.RunFile), request);
        _resources = Resources(context, request.Broker);
        var unknown = request.Ports.Keys.FirstOrDefault(name => Apps.All(app => app.AppId != name));
        if (unknown is not null)
            throw new MeshException($"--port names '{unknown}', which is no service that runs.", ExitCode.Usage);
        _ports = PortBook.Open(data, line => context.Error.WriteLine($"mesh: {line}"));
        _tokens = new TokenBook(data);
        foreach (var (name, port) in request.Ports)
            _ports.Ask(name, port);
        new SecretBook(data).Provide(Apps.SelectMany(app => AsyncApiSecrets.Of(app.Folder)));
        _appPorts = Apps.ToDictionary(app => app.AppId, app => request.Ports.TryGetValue(app.AppId, out var asked) ? asked : _ports.Give(app.AppId));
        _addresses = new AddressBook(Apps.Where(app => app.DeclaredPort is not null).ToDictionary(app => app.DeclaredPort!.Value, app => _appPorts[app.AppId]));
        Services = [.. Apps.Select(app => Instance(app, number: 1))];
        Own = new SidecarPlan(OwnAppId, new SidecarOptions
        {
            AppId = OwnAppId,
            HttpPort = _ports.Give(OwnAppId + "/sidecar"),
            ApiToken = _tokens.ApiToken(OwnAppId),
            ResourcesPaths = Resources(Apps[0], _resources),
            ConfigPaths = Configs(Apps[0]),
            DataPath = data.Path,
            RefuseBrokenResources = true,
            Environment = Environment(Apps[0]),
        });
        _ports.Save();
    }

    public IReadOnlyList<RunApp> Apps { get; }

    /// <summary>The first instance of each service.</summary>
    public IReadOnlyList<InstancePlan> Services { get; }

    public SidecarPlan Own { get; }

    public static MeshPlan Make(MeshContext context, UpRequest request, DataFolder data) => new(context, request, data);

    /// <summary>One instance more of a service, on ports of its own; it has the service's tokens and data.</summary>
    public InstancePlan AnotherInstance(RunApp app, int number)
    {
        lock (_ports)
        {
            var instance = Instance(app, number);
            _ports.Save();
            return instance;
        }
    }

    /// <summary>Its ports may go to others of this run again.</summary>
    public void Release(ServicePlan instance)
    {
        lock (_ports)
        {
            _ports.TakeBack(instance.Label);
            _ports.TakeBack(instance.Label + "/sidecar");
        }
    }

    private InstancePlan Instance(RunApp app, int number)
    {
        var label = ServicePlan.LabelOf(app.AppId, number);
        var isExternal = _request.External.Contains(app.AppId);
        var service = new ServicePlan
        {
            App = app,
            Number = number,
            AppPort = number == 1 ? _appPorts[app.AppId] : _ports.Give(label),
            SidecarPort = _ports.Give(label + "/sidecar"),
            ApiToken = _tokens.ApiToken(app.AppId),
            AppToken = _tokens.AppToken(app.AppId),
            Addresses = _addresses,
            Data = _data.Services,
            Page = AsyncApiPage.Of(app.Folder),
            External = isExternal,
            EnvironmentFile = isExternal ? Path.Combine(_data.Run, app.AppId + ".env") : null,
        };
        return new InstancePlan(service, new SidecarPlan(label, Sidecar(service)));
    }

    private static IReadOnlyList<RunApp> Choose(IReadOnlyList<RunApp> apps, UpRequest request)
    {
        var known = apps.Select(app => app.AppId).ToList();
        if (request.Services.Concat(request.External).FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw new MeshException(
                $"there is no service '{unknown}'{Suggestion.For(unknown, known)}; there are {string.Join(", ", known)}.", ExitCode.Usage);

        return request.Services.Count == 0 ? apps : [.. apps.Where(app => request.Services.Contains(app.AppId) || request.External.Contains(app.AppId))];
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

    /// <summary>Who may call whom lies beside the configuration: here each caller is known, which `dapr run` needs mutual TLS for.</summary>
    private static IReadOnlyList<string> Configs(RunApp app)
    {
        if (app.ConfigPath is not { } config)
            return [];
        var access = Path.Combine(Path.GetDirectoryName(config)!, "access.yaml");
        return File.Exists(access) ? [config, access] : [config];
    }

    private SidecarOptions Sidecar(ServicePlan plan) => new()
    {
        AppId = plan.Name,
        HttpPort = plan.SidecarPort,
        AppPort = plan.AppPort,
        AppProtocol = plan.App.AppProtocol,
        AppMaxConcurrency = plan.App.AppMaxConcurrency,
        AppHealth = plan.App.AppHealth,
        ApiToken = plan.ApiToken,
        AppToken = plan.AppToken,
        ResourcesPaths = Resources(plan.App, _resources),
        ConfigPaths = Configs(plan.App),
        DataPath = _data.Path,
        RefuseBrokenResources = true,
        LogLevel = plan.App.LogLevel,
        MaxBodySize = plan.App.MaxBodySize,
        EnableApiLogging = plan.App.EnableApiLogging,
        Environment = Environment(plan.App),
    };

    private Dictionary<string, string> Environment(RunApp app)
    {
        var environment = new Dictionary<string, string>();
        foreach (System.Collections.DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
            environment[(string)entry.Key] = (string?)entry.Value ?? "";
        foreach (var (name, value) in app.Environment)
            environment[name] = value;
        // Where components/embedded keep theirs.
        environment["MESH_STATE"] = _data.State;
        environment["MESH_SECRETS"] = _data.Secrets;
        environment[AddressBook.Variable] = _addresses.Text;
        return environment;
    }
}
