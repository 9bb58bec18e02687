using System.Collections.Frozen;
using System.Globalization;
using HmsMesh.Sidecar.Resources;

namespace HmsMesh.Sidecar.Hosting;

/// <summary>Every flag that daprd 1.18 takes, and what those that mean something here do.</summary>
internal static class FlagTable
{
    public static FrozenDictionary<string, FlagDefinition> All { get; } = Define().ToFrozenDictionary(static flag => flag.Name, StringComparer.Ordinal);

    private static IEnumerable<FlagDefinition> Define() => [.. App(), .. Api(), .. Files(), .. Life(), .. Without()];

    private static IEnumerable<FlagDefinition> App() =>
    [
        Text("app-id", static (options, value) => options with { AppId = value }),
        Text("app-port", static (options, value) => options with { AppPort = value.Length == 0 || value == "0" ? null : Port(value) }),
        Text("app-protocol", static (options, value) => options with { AppProtocol = Protocol(value) }),
        Text("app-channel-address", static (options, value) => options with { AppChannelAddress = value }),
        new("app-max-concurrency", FlagKind.Whole, static (options, value) => options with { AppMaxConcurrency = Whole(value) }),
        new("app-ssl", FlagKind.Flag, static (options, value) => Flag(value) ? options with { AppProtocol = "https" } : options),
        new("disable-init-endpoints", FlagKind.Texts,
            static (options, value) => options with { DisabledInitEndpoints = [.. options.DisabledInitEndpoints, .. List(value)] }),
        new("enable-app-health-check", FlagKind.Flag,
            static (options, value) => options with { AppHealth = Flag(value) ? options.AppHealth ?? new AppHealthOptions() : null }),
    ];

    private static IEnumerable<FlagDefinition> Api() =>
    [
        Text("dapr-http-port", static (options, value) => options with { HttpPort = Port(value) }),
        Text("dapr-listen-addresses", static (options, value) => value.Length == 0 ? options : options with { ListenAddresses = List(value) }),
        Text("dapr-internal-grpc-port", static (options, value) => options with { InternalPort = value.Length == 0 ? 0 : Port(value) }),
        Text("dapr-internal-grpc-listen-address", static (options, value) => options with { InternalListenAddress = value }),
        Text("unix-domain-socket", static (options, value) => options with { UnixDomainSocket = value.Length == 0 ? null : value }),
        Text("max-body-size", static (options, value) => options with { MaxBodySize = Size(value) }),
        new("dapr-http-max-request-size", FlagKind.Whole, static (options, value) => options with { MaxBodySize = (long)Whole(value) << 20 }),
        Text("read-buffer-size", static (options, value) => options with { ReadBufferSize = checked((int)Math.Min(Size(value), 64 << 20)) }),
        new("dapr-http-read-buffer-size", FlagKind.Whole, static (options, value) => options with { ReadBufferSize = Math.Clamp(Whole(value), 1, 1 << 16) << 10 }),
        new("enable-api-logging", FlagKind.Flag, static (options, value) => options with { EnableApiLogging = Flag(value) }),
    ];

    private static IEnumerable<FlagDefinition> Files() =>
    [
        new("resources-path", FlagKind.Texts, static (options, value) => options with { ResourcesPaths = [.. options.ResourcesPaths, .. List(value)] }),
        Text("components-path", static (options, value) => value.Length == 0 ? options : options with { ResourcesPaths = [.. options.ResourcesPaths, value] }),
        new("config", FlagKind.Texts, static (options, value) => options with { ConfigPaths = [.. options.ConfigPaths, .. List(value)] }),
    ];

    private static IEnumerable<FlagDefinition> Life() =>
    [
        new("dapr-graceful-shutdown-seconds", FlagKind.Whole,
            static (options, value) => options with { GracefulShutdown = TimeSpan.FromSeconds(Math.Max(0, Whole(value))) }),
        new("dapr-block-shutdown-duration", FlagKind.Duration, static (options, value) => options with { BlockShutdown = Duration(value) }),
        Text("app-health-check-path", static (options, value) => Health(options, health => health with { Path = value })),
        new("app-health-probe-interval", FlagKind.Whole,
            static (options, value) => Health(options, health => health with { Interval = TimeSpan.FromSeconds(Positive(value)) })),
        new("app-health-probe-timeout", FlagKind.Whole,
            static (options, value) => Health(options, health => health with { Timeout = TimeSpan.FromMilliseconds(Positive(value)) })),
        new("app-health-threshold", FlagKind.Whole, static (options, value) => Health(options, health => health with { Threshold = Positive(value) })),
        Text("log-level", static (options, value) => options with { LogLevel = Level(value) }),
        new("log-as-json", FlagKind.Flag, static (options, value) => options with { LogAsJson = Flag(value) }),
    ];

    private static IEnumerable<FlagDefinition> Without() =>
    [
        .. new[]
        {
            "mode", "dapr-public-port", "dapr-public-listen-address", "dapr-grpc-port",
            "profile-port", "control-plane-address", "sentry-address", "control-plane-trust-domain",
            "control-plane-namespace", "allowed-origins", "placement-host-address", "reminders-service", "actors-service", "metrics-port",
            "metrics-listen-address",
        }.Select(static name => new FlagDefinition(name, FlagKind.Text)),
        .. new[] { "sentry-request-jwt-audiences", "scheduler-host-address" }.Select(static name => new FlagDefinition(name, FlagKind.Texts)),
        .. new[] { "enable-profiling", "version", "build-info", "wait", "enable-mtls", "disable-builtin-k8s-secret-store", "enable-metrics" }
            .Select(static name => new FlagDefinition(name, FlagKind.Flag)),
        .. new[] { "actors-disseminate-timeout", "hot-reload-reconcile-interval", "app-binding-options-timeout" }
            .Select(static name => new FlagDefinition(name, FlagKind.Duration)),
        new("scheduler-job-streams", FlagKind.Natural),
    ];

    private static FlagDefinition Text(string name, Func<SidecarOptions, string, SidecarOptions> apply) => new(name, FlagKind.Text, apply);

    // The settings count whichever side of --enable-app-health-check they stand on, and mean nothing without it.
    private static SidecarOptions Health(SidecarOptions options, Func<AppHealthOptions, AppHealthOptions> change)
    {
        var changed = change(options.AppHealth ?? new AppHealthOptions());
        return options with { AppHealth = options.AppHealth is null ? null : changed };
    }

    private static string[] List(string value) => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static int Port(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65_535
            ? port
            : throw new FormatException("a port from 0 to 65535");

    private static int Whole(string value) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException("a whole number");

    private static int Positive(string value) => Whole(value) is > 0 and var number ? number : throw new FormatException("a whole number above 0");

    private static TimeSpan Duration(string value) =>
        GoDuration.TryParse(value, out var duration) ? duration : throw new FormatException("a duration such as 5s or 200ms");

    private static long Size(string value) => Quantity.TryParse(value, out var bytes) ? bytes : throw new FormatException("a size such as 4Mi or 64Ki");

    private static bool Flag(string value) => value is "true" or "True" or "TRUE" or "t" or "T" or "1";

    private static string Protocol(string value) =>
        value is "http" or "https" or "h2c" or "grpc" or "grpcs" ? value : throw new FormatException("one of http, https, h2c, grpc, grpcs");

    private static string Level(string value) =>
        value.ToUpperInvariant() is "DEBUG" or "INFO" or "WARN" or "ERROR" or "FATAL" ? value : throw new FormatException("one of debug, info, warn, error, fatal");
}
