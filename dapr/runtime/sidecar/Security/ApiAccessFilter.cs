using HmsMesh.Sidecar.Resources;

namespace HmsMesh.Sidecar.Security;

/// <summary>spec.api of the Configuration: a route that it denies is not there at all.</summary>
internal sealed class ApiAccessFilter(ApiAccess access)
{
    private readonly ApiRule[] _allowed = [.. access.Allowed.Where(IsHttp)];
    private readonly ApiRule[] _denied = [.. access.Denied.Where(IsHttp)];

    public bool Allows(string? name, string version) =>
        name is null
        || (_denied.All(rule => !Covers(rule, name, version))
            && (_allowed.Length == 0 || _allowed.Any(rule => Covers(rule, name, version))));

    private static bool IsHttp(ApiRule rule) => string.Equals(rule.Protocol, "http", StringComparison.OrdinalIgnoreCase);

    private static bool Covers(ApiRule rule, string name, string version) => rule.Name == name && Normal(rule.Version) == Normal(version);

    private static string Normal(string version) => version == "v1" ? "v1.0" : version;
}
