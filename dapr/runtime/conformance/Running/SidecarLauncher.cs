using System.Collections;
using System.Globalization;
using HmsMesh.Shared;

namespace HmsMesh.Conformance.Running;

/// <summary>Writes a scenario's files and starts its sidecars, and the certificate authority where it has one.</summary>
internal sealed class SidecarLauncher(Scenario scenario, ConformanceOptions options, ScenarioPlaces places)
{
    private const string Authority = "authority";
    private const int LogTail = 1_500;

    private string? _root;

    public Dictionary<string, ChildProcess> Processes { get; } = new(StringComparer.Ordinal);

    public void Launch(ScenarioSidecar sidecar)
    {
        WriteResources();
        var own = Path.Combine(places.Folder, "resources-" + sidecar.Id);
        foreach (var (name, text) in sidecar.Resources)
        {
            Directory.CreateDirectory(own);
            File.WriteAllText(Path.Combine(own, name), places.Fill(text));
        }

        List<string> command =
        [
            .. options.Sidecar, "--app-id", sidecar.AppId ?? sidecar.Id, "--dapr-http-port", Text(places.Http[sidecar.Id]),
            "--dapr-grpc-port", Text(places.Port("grpc-" + sidecar.Id)), "--dapr-internal-grpc-port", Text(places.Port("internal-" + sidecar.Id)),
            "--metrics-port", Text(places.Port("metrics-" + sidecar.Id)), "--dapr-listen-addresses", "127.0.0.1",
            "--dapr-internal-grpc-listen-address", "127.0.0.1", "--metrics-listen-address", "127.0.0.1", "--resources-path", places.Resources,
            "--log-level", "debug", "--dapr-graceful-shutdown-seconds", "1",
        ];
        if (Directory.Exists(own)) command.AddRange(["--resources-path", own]);
        if (scenario.Config is { Length: > 0 } config)
        {
            var file = Path.Combine(places.Folder, "config.yaml");
            File.WriteAllText(file, places.Fill(config));
            command.AddRange(["--config", file]);
        }

        if (sidecar.App is not null) command.AddRange(["--app-port", Text(places.Apps[sidecar.Id]), "--app-protocol", "http"]);
        command.AddRange(sidecar.Flags.Select(places.Fill));
        var environment = OwnEnvironment();
        if (scenario.Mtls && sidecar.Mtls)
        {
            command.AddRange(["--enable-mtls", "--sentry-address", $"127.0.0.1:{places.Port(Authority)}", "--control-plane-trust-domain", "cluster.local"]);
            environment["NAMESPACE"] = "default";
            environment["DAPR_TRUST_ANCHORS"] = _root!;
        }

        foreach (var (name, value) in sidecar.Env) environment[name] = places.Fill(value);
        if (Processes.Remove(sidecar.Id, out var before)) before.Dispose();
        Processes[sidecar.Id] = ChildProcess.Start(command, environment, places.Log(sidecar.Id));
    }

    public async Task StartAuthorityAsync(CancellationToken cancellationToken)
    {
        const int within = 15;
        var folder = Directory.CreateDirectory(Path.Combine(places.Folder, "issuer")).FullName;
        var config = Path.Combine(places.Folder, "authority.yaml");
        await File.WriteAllTextAsync(config, "apiVersion: dapr.io/v1alpha1\nkind: Configuration\nmetadata:\n  name: authority\nspec:\n  mtls:\n    enabled: true\n    workloadCertTTL: 24h\n", cancellationToken).ConfigureAwait(false);
        List<string> command =
        [
            .. options.Sentry, "--port", Text(places.Port(Authority)), "--healthz-port", Text(FreePorts.Take()), "--metrics-port", Text(FreePorts.Take()),
            "--listen-address", "127.0.0.1", "--healthz-listen-address", "127.0.0.1", "--metrics-listen-address", "127.0.0.1",
            "--issuer-credentials", folder, "--trust-domain", "cluster.local", "--mode", "standalone", "--config", config,
        ];
        Processes[Authority] = ChildProcess.Start(command, OwnEnvironment(), places.Log(Authority));
        var root = Path.Combine(folder, "ca.crt");
        var start = options.Time.GetTimestamp();
        while (!File.Exists(root))
        {
            if (options.Time.GetElapsedTime(start) > TimeSpan.FromSeconds(within)) throw new ScenarioException($"the certificate authority did not start: {EndOfLog(Authority)}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), options.Time, cancellationToken).ConfigureAwait(false);
        }

        _root = await File.ReadAllTextAsync(root, cancellationToken).ConfigureAwait(false);
    }

    public string EndOfLog(string id)
    {
        var text = File.Exists(places.Log(id)) ? File.ReadAllText(places.Log(id)) : string.Empty;
        return text[Math.Max(0, text.Length - LogTail)..];
    }

    public void KeepLogs(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var id in Processes.Keys.Where(id => File.Exists(places.Log(id))))
            File.Copy(places.Log(id), Path.Combine(folder, $"{scenario.Name.Replace('/', '.')}.{id}.log"), overwrite: true);
    }

    /// <summary>Once: a later launch would undo what steps wrote.</summary>
    private void WriteResources()
    {
        if (Directory.Exists(places.Resources)) return;
        Directory.CreateDirectory(places.Resources);
        foreach (var (name, text) in scenario.Resources) File.WriteAllText(Path.Combine(places.Resources, name), places.Fill(text));
    }

    /// <summary>This process's environment without what would configure a sidecar.</summary>
    private static Dictionary<string, string> OwnEnvironment() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .Select(e => KeyValuePair.Create((string)e.Key, (string)e.Value!))
        .Where(e => !e.Key.StartsWith("DAPR_", StringComparison.Ordinal) && e.Key is not ("NAMESPACE" or "APP_API_TOKEN"))
        .ToDictionary(StringComparer.Ordinal);

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
