using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Dapr;

/// <summary>What the environment says about the sidecar.</summary>
internal static class DaprDefaults
{
    private const int HttpPort = 3500;

    public static string GetDefaultHttpEndpoint(IConfiguration? configuration = null)
    {
        if (Read(configuration, "DAPR_HTTP_ENDPOINT") is { } endpoint)
        {
            return endpoint;
        }

        var port = int.TryParse(Read(configuration, "DAPR_HTTP_PORT"), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : HttpPort;
        return string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
    }

    public static string GetDefaultDaprApiToken(IConfiguration? configuration) => Read(configuration, "DAPR_API_TOKEN") ?? "";

    private static string? Read(IConfiguration? configuration, string name) =>
        configuration?[name] is { Length: > 0 } configured ? configured
        : Environment.GetEnvironmentVariable(name) is { Length: > 0 } given ? given
        : null;
}
