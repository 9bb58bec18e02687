using HmsMesh.Sidecar;
using HmsMesh.Sidecar.Resources;

namespace HmsMesh.Cli.RunFile;

/// <summary>Reads the file that `dapr run -f` takes. Its ports are for that command; of the apps' own, addresses are told.</summary>
internal static class RunFileReader
{
    private static readonly AppHealthOptions Defaults = new();

    public static IReadOnlyList<RunApp> Read(string file)
    {
        if (!File.Exists(file))
            throw new MeshException($"{file} is missing; 'mesh generate' writes it from the services' asyncapi.yaml files.", ExitCode.Usage);
        var top = YamlReader.Load(file);
        top.Allow(RunFileFields.Top);
        if (top.Number("version") is not 1)
            throw top.Fault("'version' must be 1");
        var common = top.Mapping("common");
        common?.Allow(RunFileFields.Shared);
        var apps = top.Mappings("apps").Select(app => ReadApp(app, common, Path.GetDirectoryName(file)!)).ToList();
        if (apps.Count == 0)
            throw top.Fault("'apps' names no app");
        if (apps.GroupBy(app => app.AppId).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new MeshException($"{twice.Last().Place}: app '{twice.Key}' is there twice.", ExitCode.Usage);
        return apps;
    }

    private static RunApp ReadApp(YamlReader app, YamlReader? common, string home)
    {
        app.Allow(RunFileFields.App);
        string? Text(string field) => app.Text(field) ?? common?.Text(field);
        bool Truth(string field) => app.Truth(field) ?? common?.Truth(field) ?? false;

        var folder = Path.GetFullPath(app.Required("appDirPath"), home);
        var command = app.Texts("command");
        if (command is not { Count: > 0 })
            throw app.Fault("'command' is missing");
        var environment = new Dictionary<string, string>();
        foreach (var layer in new[] { common?.Mapping("env"), app.Mapping("env") })
        {
            foreach (var (name, value) in layer?.TextMap() ?? new Dictionary<string, string>())
                environment[name] = value;
        }

        return new RunApp
        {
            AppId = app.Text("appID") ?? Path.GetFileName(folder),
            Folder = folder,
            Command = command,
            DeclaredPort = app.Number("appPort"),
            Place = app.Place,
            ResourcesPaths = [.. ResourcesOf(app, common).Select(path => Path.GetFullPath(path, home))],
            ConfigPath = Text("configFilePath") is { } config ? Path.GetFullPath(config, home) : null,
            AppProtocol = Text("appProtocol") ?? "http",
            AppMaxConcurrency = app.Number("appMaxConcurrency") ?? common?.Number("appMaxConcurrency") ?? -1,
            LogLevel = Text("logLevel") ?? "info",
            MaxBodySize = Text("maxBodySize") is { } size ? Bytes(app, size) : 4 << 20,
            EnableApiLogging = Truth("enableApiLogging"),
            AppHealth = Truth("enableAppHealthCheck") ? Health(app, common) : null,
            Environment = environment,
        };
    }

    private static long Bytes(YamlReader app, string size) =>
        Quantity.TryParse(size, out var bytes) && bytes > 0 ? bytes : throw app.Fault($"'maxBodySize: {size}' is no size such as 16Mi");

    /// <summary>An app's own folders stand in place of the common ones.</summary>
    private static IEnumerable<string> ResourcesOf(YamlReader app, YamlReader? common)
    {
        foreach (var level in new[] { app, common })
        {
            if (level?.Texts("resourcesPaths") is { Count: > 0 } paths)
                return paths;
            if (level?.Text("resourcesPath") is { Length: > 0 } path)
                return [path];
        }

        return [];
    }

    private static AppHealthOptions Health(YamlReader app, YamlReader? common)
    {
        int? Number(string field) => app.Number(field) ?? common?.Number(field);

        return new AppHealthOptions
        {
            Path = app.Text("appHealthCheckPath") ?? common?.Text("appHealthCheckPath") ?? Defaults.Path,
            Interval = Number("appHealthProbeInterval") is { } seconds ? TimeSpan.FromSeconds(seconds) : Defaults.Interval,
            Timeout = Number("appHealthProbeTimeout") is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : Defaults.Timeout,
            Threshold = Number("appHealthThreshold") ?? Defaults.Threshold,
        };
    }
}
