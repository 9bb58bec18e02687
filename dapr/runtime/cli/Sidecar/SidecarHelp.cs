using HmsMesh.Sidecar;

namespace HmsMesh.Cli.Sidecar;

/// <summary>What `mesh sidecar --help` says: the flags that do something here by group, with their defaults, then the others.</summary>
internal static class SidecarHelp
{
    private const int Narrowest = 36;

    private static readonly (string Title, (string Flag, string Meaning)[] Flags)[] Groups =
    [
        ("The app",
        [
            ("app-id", "its name in the mesh (or APP_ID)"),
            ("app-port", "where it listens (default: no app)"),
            ("app-protocol", "http, https, h2c, grpc or grpcs (http)"),
            ("app-channel-address", "the address it listens on (127.0.0.1)"),
            ("app-max-concurrency", "calls and deliveries at once (-1: no limit)"),
            ("app-ssl", "the same as --app-protocol https"),
            ("disable-init-endpoints", "don't ask it for: config, subscribe"),
        ]),
        ("Its health",
        [
            ("enable-app-health-check", "probe it, and pause deliveries while it is unhealthy"),
            ("app-health-check-path", "the path to probe (/healthz)"),
            ("app-health-probe-interval", "seconds between probes (5)"),
            ("app-health-probe-timeout", "milliseconds for an answer (500)"),
            ("app-health-threshold", "failures until it counts as unhealthy (3)"),
        ]),
        ("The API",
        [
            ("dapr-http-port", "its port; 0 takes a free one (3500)"),
            ("dapr-listen-addresses", "addresses, with commas (127.0.0.1)"),
            ("unix-domain-socket", "a folder: listen on a socket in it, and on no port"),
            ("max-body-size", "the longest body (4Mi)"),
            ("dapr-http-max-request-size", "the same in MiB, as older versions have it"),
            ("read-buffer-size", "the longest headers (4Ki)"),
            ("dapr-http-read-buffer-size", "the same in KiB, as older versions have it"),
            ("dapr-internal-grpc-port", "where other sidecars call; 0 takes a free one (0)"),
            ("dapr-internal-grpc-listen-address", "loopback only (127.0.0.1)"),
        ]),
        ("Files",
        [
            ("resources-path", "a folder of resources; may be given again"),
            ("components-path", "the same, as older versions have it"),
            ("config", "a file with a Configuration; may be given again"),
        ]),
        ("Log and end",
        [
            ("log-level", "debug, info, warn, error or fatal (info)"),
            ("log-as-json", "a JSON object a line"),
            ("enable-api-logging", "a line for each call of the API"),
            ("dapr-graceful-shutdown-seconds", "how long what is under way may take at the end (5)"),
            ("dapr-block-shutdown-duration", "go on so long after the signal, without deliveries (0s)"),
        ]),
    ];

    /// <summary>The flags that it explains.</summary>
    public static IEnumerable<string> Explained => Groups.SelectMany(static group => group.Flags).Select(static flag => flag.Flag);

    public static void Write(TextWriter output)
    {
        output.WriteLine("""
            mesh sidecar: one sidecar as a process, with daprd's flags.

              mesh sidecar --app-id ID [--app-port PORT] [--dapr-http-port PORT] [--resources-path FOLDER]... [--config FILE] [-- COMMAND...]

            COMMAND is started as the app, with APP_ID, APP_PORT, DAPR_HTTP_PORT and DAPR_HTTP_ENDPOINT, and ends with the sidecar.
            """);
        foreach (var (title, flags) in Groups)
        {
            output.WriteLine($"\n{title}:");
            foreach (var (flag, meaning) in flags)
                output.WriteLine($"  {("--" + flag).PadRight(Narrowest)}{meaning}");
        }

        output.WriteLine("\nOurs, which daprd does not have:");
        output.WriteLine($"  {("--" + SidecarData.Flag).PadRight(Narrowest)}the data folder: the broker, and the names of sidecars that share it (.mesh in this directory)");
        output.WriteLine("\nAccepted, since daprd has them, and ignored:");
        output.WriteLine($"  {string.Join(' ', SidecarFlags.Names.Except(Explained).Order(StringComparer.Ordinal).Select(static name => $"--{name}"))}");
    }
}
