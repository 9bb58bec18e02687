using HmsMesh.Sidecar.Resources;
using HmsMesh.Sidecar.Secrets;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Components;

/// <summary>Puts secrets, environment variables and templates into a component's metadata.</summary>
internal sealed class MetadataResolver(SidecarOptions options, ComponentRegistry registry, ILogger log)
{
    /// <summary>The metadata by name; null where its secret store isn't open: daprd then waits for the store, and starts without the
    /// component meanwhile.</summary>
    public async ValueTask<IReadOnlyDictionary<string, string>?> ResolveAsync(ComponentResource resource, CancellationToken cancellationToken)
    {
        var metadata = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var secrets = new Dictionary<string, IReadOnlyDictionary<string, string>?>(StringComparer.Ordinal);
        foreach (var item in resource.Items)
        {
            if (string.IsNullOrEmpty(item.Value) && item.EnvironmentVariable is { Length: > 0 } variable)
            {
                metadata[item.Name] = FromEnvironment(resource, item, variable);
            }
            else if (item.SecretName is { Length: > 0 } secret)
            {
                if (!registry.TryGet<ISecretStore>(resource.SecretStore ?? "", out var store))
                {
                    Log.SecretStoreMissing(log, item.Source ?? resource.Source, resource.Name, resource.SecretStore ?? "");
                    return null;
                }

                if (!secrets.TryGetValue(secret, out var values))
                {
                    secrets[secret] = values = await store.GetAsync(secret, cancellationToken).ConfigureAwait(false);
                }

                var key = item.SecretKey is { Length: > 0 } named ? named : secret;
                if (values?.GetValueOrDefault(key) is not { Length: > 0 } value)
                {
                    Log.SecretMissing(log, item.Source ?? resource.Source, resource.Name, secret, key);
                    value = item.Value ?? "";
                }

                metadata[item.Name] = value;
            }
            else
            {
                metadata[item.Name] = FillIn(item.Value ?? "");
            }
        }

        return metadata;
    }

    private string FillIn(string value)
    {
        if (!value.Contains('{', StringComparison.Ordinal))
        {
            return value;
        }

        var space = options.Namespace is { Length: > 0 } named ? named : "default";
        while (value.IndexOf("{uuid}", StringComparison.Ordinal) is >= 0 and var at)
        {
            value = $"{value[..at]}{Guid.NewGuid()}{value[(at + 6)..]}";
        }

        return value
            .Replace("{podName}", options.Environment.GetValueOrDefault("POD_NAME", ""), StringComparison.Ordinal)
            .Replace("{namespace}", $"{space}.{options.AppId}", StringComparison.Ordinal)
            .Replace("{appID}", options.AppId, StringComparison.Ordinal);
    }

    private string FromEnvironment(ComponentResource resource, MetadataItem item, string variable)
    {
        if (EnvironmentAccess.Allows(options.Environment, variable))
        {
            return options.Environment.GetValueOrDefault(variable, "");
        }

        Log.VariableWithheld(log, item.Source ?? resource.Source, resource.Name, variable);
        return "";
    }
}
