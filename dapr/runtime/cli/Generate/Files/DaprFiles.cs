using System.Globalization;
using HmsMesh.Cli.Generate.Model;
using HmsMesh.Cli.Generate.Yaml;

namespace HmsMesh.Cli.Generate.Files;

/// <summary>dapr/: the file that `dapr run -f` and `mesh up` take, and the configuration and resiliency that it names.</summary>
internal static class DaprFiles
{
    private const string Policy = "outlast-probe";

    public static IEnumerable<GeneratedFile> Of(MeshModel mesh)
    {
        yield return new GeneratedFile("dapr/dapr.yaml", YamlText.Write(
            [GeneratedFile.Header, "For 'dapr run -f dapr/dapr.yaml'; 'mesh up' takes it too, with components/embedded and ports of its own.", "Paths are relative to this file."],
            RunFile(mesh)));
        yield return new GeneratedFile("dapr/config.yaml", YamlText.Write(
            [
                GeneratedFile.Header,
                "Sidecars on one machine find each other by a SQLite file, since many networks filter mDNS.",
                "An app that needs secrets has a file of its own beside this one; no other may read any.",
            ],
            Configuration("hms-mesh", [])));
        foreach (var service in mesh.Services.Where(service => service.Secrets.Count > 0))
        {
            yield return new GeneratedFile($"dapr/{ConfigOf(service)}", YamlText.Write(
                [GeneratedFile.Header, $"What config.yaml says, and the secrets that {service.AppId} may read (x-dapr.secrets)."],
                Configuration($"hms-mesh-{service.AppId}", service.Secrets)));
        }

        yield return new GeneratedFile("dapr/access.yaml", YamlText.Write(
            [
                GeneratedFile.Header,
                "Nobody but these apps calls another one. 'mesh up' lays it over config.yaml; daprd knows its callers by mutual TLS alone,",
                "so 'dapr run' does without it, and Kubernetes takes it.",
            ],
            Access(mesh)));
        yield return new GeneratedFile("dapr/resiliency.yaml", YamlText.Write(
            [
                GeneratedFile.Header,
                $"A failing event is tried again for {Seconds(mesh.Delivery.Retry.Shortest)} at least, and an app is known to be dead after {Seconds(mesh.Delivery.ProbeNotice)}:",
                "what arrives for a dead app waits in the broker and does not end as a dead letter.",
                "No circuit breaker stands before the handlers: while one is open, daprd acknowledges events that nobody handled.",
            ],
            Resiliency(mesh.Delivery.Retry)));
    }

    private static YamlMap RunFile(MeshModel mesh) => new()
    {
        { "version", 1 },
        {
            "common", new YamlMap
            {
                { "resourcesPaths", new[] { "../components/redis", "." } },
                { "configFilePath", "config.yaml" },
                { "appProtocol", "http" },
                // A document of 10 MB goes through two sidecars; the default is 4Mi.
                { "maxBodySize", "16Mi" },
                { "enableAppHealthCheck", true },
                { "appHealthCheckPath", "/healthz" },
                { "appHealthProbeInterval", (int)mesh.Delivery.ProbeInterval.TotalSeconds },
                { "appHealthProbeTimeout", (int)mesh.Delivery.ProbeTimeout.TotalMilliseconds },
                { "appHealthThreshold", mesh.Delivery.ProbeThreshold },
                // A service that forgot what it handled before the broker did would do it twice.
                { "env", new YamlMap { { "Mesh__InboxRetention", mesh.Delivery.Inbox.ToString("c", CultureInfo.InvariantCulture) } } },
            }
        },
        {
            "apps", mesh.Services.Select(App).ToList()
        },
    };

    private static YamlMap App(ServiceModel service)
    {
        var app = new YamlMap
        {
            { "appID", service.AppId },
            { "appDirPath", $"../{service.Folder}" },
            { "appPort", service.AppPort },
            { "daprHTTPPort", service.DaprHttpPort },
            { "command", service.Command.ToArray() },
        };
        if (service.Secrets.Count > 0)
            app.Add("configFilePath", ConfigOf(service));
        if (service.Environment.Count > 0)
        {
            var environment = new YamlMap();
            foreach (var (name, value) in service.Environment.OrderBy(one => one.Key, StringComparer.Ordinal))
                environment.Add(name, value);
            app.Add("env", environment);
        }

        return app;
    }

    // An HTTPEndpoint asks no sidecar of an app: who calls one needs no leave to call the apps.
    private static bool CallsApps(MeshModel mesh, ServiceModel service) =>
        service.Calls.Any(app => mesh.Services.Any(other => other.AppId == app && !other.IsOutside));

    private static YamlMap Access(MeshModel mesh) => Resource.Of("Configuration", "v1alpha1", "hms-mesh-access", new YamlMap
    {
        {
            "accessControl", new YamlMap
            {
                { "defaultAction", "deny" },
                { "trustDomain", "public" },
                {
                    "policies", mesh.Services.Where(service => CallsApps(mesh, service)).Select(service => new YamlMap
                    {
                        { "appId", service.AppId },
                        { "defaultAction", "allow" },
                        { "trustDomain", "public" },
                        { "namespace", "default" },
                    }).ToList()
                },
            }
        },
    });

    private static string ConfigOf(ServiceModel service) => $"config-{service.AppId}.yaml";

    private static YamlMap Configuration(string name, IReadOnlyList<string> secrets) => Resource.Of("Configuration", "v1alpha1", name, new YamlMap
    {
        {
            "nameResolution", new YamlMap
            {
                { "component", "sqlite" },
                { "version", "v1" },
                // Dapr puts variables of the environment into this file; 'dapr init' makes the folder.
                { "configuration", new YamlMap { { "connectionString", "${HOME}/.dapr/hms-mesh-names.db" } } },
            }
        },
        { "tracing", new YamlMap { { "samplingRate", "1" }, { "stdout", false } } },
        { "metrics", new YamlMap { { "enabled", true } } },
        { "secrets", new YamlMap { { "scopes", new List<YamlMap> { SecretScope(secrets) } } } },
    });

    private static YamlMap SecretScope(IReadOnlyList<string> secrets)
    {
        var scope = new YamlMap { { "storeName", Resource.SecretStore }, { "defaultAccess", "deny" } };
        if (secrets.Count > 0)
            scope.Add("allowedSecrets", secrets.Order(StringComparer.Ordinal).ToArray());
        return scope;
    }

    private static YamlMap Resiliency(RetrySettings retry)
    {
        var policy = retry.Exponential
            ? new YamlMap { { "policy", "exponential" }, { "maxInterval", GoDuration.Write(retry.Interval) } }
            : new YamlMap { { "policy", "constant" }, { "duration", GoDuration.Write(retry.Interval) } };
        policy.Add("maxRetries", retry.MaxRetries);
        return Resource.Of("Resiliency", "v1alpha1", "hms-mesh", new YamlMap
        {
            { "policies", new YamlMap { { "retries", new YamlMap { { Policy, policy } } } } },
            {
                "targets", new YamlMap
                {
                    { "components", new YamlMap { { Resource.PubSub, new YamlMap { { "inbound", new YamlMap { { "retry", Policy } } } } } } },
                }
            },
        });
    }

    private static string Seconds(TimeSpan time) => $"{time.TotalSeconds:0.#} s";
}
