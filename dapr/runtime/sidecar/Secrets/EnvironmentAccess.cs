namespace HmsMesh.Sidecar.Secrets;

/// <summary>Which environment variables YAML may read: not the sidecar's own tokens and settings.</summary>
internal static class EnvironmentAccess
{
    private const string AllowList = "DAPR_ENV_KEYS";

    public static bool Allows(IReadOnlyDictionary<string, string> environment, string name)
    {
        var upper = name.ToUpperInvariant();
        return upper is not ("" or "APP_API_TOKEN")
            && !upper.StartsWith("DAPR_", StringComparison.Ordinal)
            && !upper.Contains(' ', StringComparison.Ordinal)
            && (environment.GetValueOrDefault(AllowList) is not { Length: > 0 } list
                || list.Split(' ', StringSplitOptions.RemoveEmptyEntries).Contains(upper, StringComparer.Ordinal));
    }
}
