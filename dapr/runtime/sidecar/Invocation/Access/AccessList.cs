using HmsMesh.Sidecar.Resources;

namespace HmsMesh.Sidecar.Invocation.Access;

/// <summary>spec.accessControl of a Configuration: which app may call which path of this one (recorded: mtls/access-list*). A caller
/// that no policy names has the default action.</summary>
internal sealed class AccessList
{
    private const string DefaultTrustDomain = "public";
    private readonly bool _allows;
    private readonly Dictionary<(string App, string Space), AccessPolicy?> _policies;

    private AccessList(bool allows, Dictionary<(string App, string Space), AccessPolicy?> policies) => (_allows, _policies) = (allows, policies);

    /// <summary>Null where there is none: then everybody may call. Throws <see cref="SidecarException"/> for a policy without app id,
    /// trust domain or namespace.</summary>
    public static AccessList? Of(ConfigurationResource configuration)
    {
        if (configuration.AccessControl is not { } map)
        {
            return null;
        }

        var policies = new Dictionary<(string App, string Space), AccessPolicy?>();
        foreach (var policy in map.Maps("policies"))
        {
            // Trust domains are of certificates; among sidecars that know each other by the names' token there is one.
            var (app, space, domain) = (Needed(policy, "appId"), Needed(policy, "namespace"), Needed(policy, "trustDomain"));
            var read = AccessPolicy.Of(policy);
            policies[(app, space)] = domain == DefaultTrustDomain ? read : null;
        }

        var otherwise = map.Text("defaultAction");
        if (otherwise is null or "" && policies.Count == 0 && (map.Has("policies") || map.Text("trustDomain") is null or ""))
        {
            // Nothing is said at all.
            return null;
        }

        return new(IsAllow(otherwise), policies);
    }

    public static bool IsAllow(string? action) => string.Equals(action, "allow", StringComparison.OrdinalIgnoreCase);

    /// <summary>Why a call is refused, or null where it may pass.</summary>
    /// <param name="app">Who calls; "" where that is unknown.</param>
    /// <param name="space">The caller's namespace.</param>
    /// <param name="verb">Its HTTP method.</param>
    /// <param name="path">What it calls, with the leading slash.</param>
    public string? Refusal(string app, string space, string verb, string path)
    {
        // An escaped letter is that letter, and an escaped slash a slash, as the app may read them so. What such a reading would lead
        // elsewhere by is never let through.
        var steps = Uri.UnescapeDataString(path).ToLowerInvariant().Split('/', StringSplitOptions.RemoveEmptyEntries);
        var allowed = !steps.Any(static step => step is "." or "..")
            && (_policies.GetValueOrDefault((app, space))?.Decides(verb, steps.Length == 0 ? [""] : steps) ?? _allows);
        return allowed
            ? null
            : $"rpc error: code = PermissionDenied desc = access control policy has denied access to id: spiffe://{DefaultTrustDomain}/ns/{space}/{app} operation: {path[1..]} verb: {verb}";
    }

    private static string Needed(YamlMap policy, string key) =>
        policy.Text(key) is { Length: > 0 } text ? text : throw policy.Fault(key, "is missing in a policy of accessControl");
}
