using System.Globalization;

namespace HmsMesh.Sidecar.Resources;

/// <summary>kind: Configuration. A later file's sections replace those of an earlier one.</summary>
internal static class ConfigurationReader
{
    public static ConfigurationResource Read(ResourceDocument document, ConfigurationResource before)
    {
        var spec = document.Spec;
        if (spec is null)
        {
            return before;
        }

        var api = spec.Map("api");
        return before with
        {
            Source = document.Source,
            SamplingRate = spec.Map("tracing") is { } tracing ? Rate(tracing) : before.SamplingRate,
            Api = api is null ? before.Api : new ApiAccess(Rules(api, "allowed"), Rules(api, "denied")),
            SecretScopes = spec.Map("secrets") is { } secrets ? [.. secrets.Maps("scopes").Select(Scope)] : before.SecretScopes,
            AccessControl = spec.Map("accessControl") ?? before.AccessControl,
            NameResolution = spec.Map("nameResolution") ?? before.NameResolution,
            Tracing = spec.Map("tracing") ?? before.Tracing,
        };
    }

    private static double Rate(YamlMap tracing) => tracing.Text("samplingRate") switch
    {
        null or "" => 0,
        var text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) && rate is >= 0 and <= 1 => rate,
        var text => throw tracing.Fault("samplingRate", $"must be a number from 0 to 1, and is '{text}'"),
    };

    private static ApiRule[] Rules(YamlMap api, string key) =>
    [
        .. api.Maps(key).Select(static rule => new ApiRule(rule.Text("name") ?? "", rule.Text("version", "v1.0"), rule.Text("protocol", "http"))),
    ];

    private static SecretScope Scope(YamlMap scope) => new(
        scope.Text("storeName") ?? throw scope.Fault("storeName", "is missing"),
        !string.Equals(scope.Text("defaultAccess"), "deny", StringComparison.OrdinalIgnoreCase),
        scope.Texts("allowedSecrets"),
        scope.Texts("deniedSecrets"));
}
