using System.Globalization;
using HmsMesh.Sidecar;

namespace HmsMesh.Cli.Supervision.Sidecars;

/// <summary>Options as the flags and the environment of `mesh sidecar`. Secrets go by environment alone: anybody may read a command line.</summary>
internal static class SidecarCommandLine
{
    /// <summary>Tells a sidecar the data folder of the mesh it belongs to; there what is broken in a resource file keeps it from starting.</summary>
    public const string FolderVariable = "MESH_FOLDER";

    public static IReadOnlyList<string> Flags(SidecarOptions options)
    {
        List<string> flags =
        [
            "--app-id", options.AppId, "--dapr-http-port", Text(options.HttpPort), "--app-protocol", options.AppProtocol,
            "--app-max-concurrency", Text(options.AppMaxConcurrency), "--log-level", options.LogLevel, "--log-as-json",
            "--dapr-graceful-shutdown-seconds", Text((int)options.GracefulShutdown.TotalSeconds),
        ];
        if (options.AppPort is { } port)
            flags.AddRange(["--app-port", Text(port)]);
        if (options.EnableApiLogging)
            flags.Add("--enable-api-logging");
        if (options.AppHealth is { } health)
        {
            flags.AddRange(
            [
                "--enable-app-health-check", "--app-health-check-path", health.Path,
                "--app-health-probe-interval", Text((int)health.Interval.TotalSeconds),
                "--app-health-probe-timeout", Text((int)health.Timeout.TotalMilliseconds),
                "--app-health-threshold", Text(health.Threshold),
            ]);
        }

        foreach (var path in options.ResourcesPaths)
            flags.AddRange(["--resources-path", path]);
        foreach (var path in options.ConfigPaths)
            flags.AddRange(["--config", path]);
        return flags;
    }

    public static IReadOnlyDictionary<string, string> Environment(SidecarOptions options) => new Dictionary<string, string>(options.Environment)
    {
        ["DAPR_API_TOKEN"] = options.ApiToken ?? "",
        ["APP_API_TOKEN"] = options.AppToken ?? "",
        [FolderVariable] = options.DataPath,
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
