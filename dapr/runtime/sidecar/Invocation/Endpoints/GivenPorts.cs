using System.Globalization;

namespace HmsMesh.Sidecar.Invocation.Endpoints;

/// <summary>Ports that a mesh gave its apps instead of those of `dapr run`, as its variable MESH_PORTS tells: 6009=29451,6010=29452.</summary>
internal static class GivenPorts
{
    private const string Variable = "MESH_PORTS";

    /// <summary>The address with the given port in place of the declared one, where it is of this machine.</summary>
    public static string Translate(string address, IReadOnlyDictionary<string, string> environment)
    {
        if (!environment.TryGetValue(Variable, out var pairs) || !Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Host != "127.0.0.1")
        {
            return address;
        }

        var declared = url.Port.ToString(CultureInfo.InvariantCulture);
        foreach (var pair in pairs.Split(','))
        {
            if (pair.Split('=') is [var from, var to] && from == declared)
            {
                return address.Replace($":{from}", $":{to}", StringComparison.Ordinal);
            }
        }

        return address;
    }
}
