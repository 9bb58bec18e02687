using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Resources;

/// <summary>Resource folders and configuration files as the set that holds for one app.</summary>
internal sealed class ResourceLoader(SidecarOptions options, ILogger log)
{
    private readonly ResourceFiles _files = new(log);
    private ConfigurationResource? _configuration;

    /// <summary>Reads all files anew; the configuration, which holds for as long as the sidecar runs, the first time only.</summary>
    public ResourceSet Load()
    {
        var documents = options.ResourcesPaths.SelectMany(_files.ReadFolder).ToArray();
        foreach (var document in documents.Where(document => !IsKnown(document)))
        {
            Log.UnknownKind(log, document.Source, document.Kind, document.ApiVersion);
        }

        return new ResourceSet
        {
            Components = [.. Mine(documents, "Component", "dapr.io/v1alpha1").Select(ComponentReader.Read)],
            Subscriptions =
            [
                .. Mine(documents, "Subscription", "dapr.io/v1alpha1").Select(SubscriptionReader.ReadV1),
                .. Mine(documents, "Subscription", "dapr.io/v2alpha1").Select(SubscriptionReader.ReadV2),
            ],
            Resiliencies = [.. Mine(documents, "Resiliency", "dapr.io/v1alpha1").Select(document => new ResiliencyResource(document.Source, document.Name, Spec(document)) { Text = document.Text })],
            HttpEndpoints = [.. Mine(documents, "HTTPEndpoint", "dapr.io/v1alpha1").Select(document => new HttpEndpointResource(document.Source, document.Name, Spec(document)))],
            Configuration = _configuration ??= LoadConfiguration(),
        };
    }

    private static bool IsKnown(ResourceDocument document) =>
        (document.Kind, document.ApiVersion) is
            ("Component" or "Subscription" or "Resiliency" or "HTTPEndpoint" or "Configuration", "dapr.io/v1alpha1") or ("Subscription", "dapr.io/v2alpha1");

    private static YamlMap Spec(ResourceDocument document) => document.Spec
        ?? throw new SidecarException($"{document.Source}: {document.Kind} '{document.Name}' has no spec.");

    private List<ResourceDocument> Mine(IEnumerable<ResourceDocument> documents, string kind, string apiVersion)
    {
        var mine = new Dictionary<string, ResourceDocument>(StringComparer.Ordinal);
        var result = new List<ResourceDocument>();
        foreach (var document in documents.Where(document => document.Kind == kind && document.ApiVersion == apiVersion))
        {
            if (IsForeign(document))
            {
                continue;
            }

            if (mine.TryGetValue(document.Name, out var first))
            {
                throw new SidecarException(
                    $"{document.Source}: the {kind} '{document.Name}' is defined a second time; the first is at {first.Source}. Rename or remove one of them.");
            }

            if (document.Scopes is { Count: > 0 } scopes && !scopes.Contains(options.AppId, StringComparer.Ordinal))
            {
                Log.OutOfScope(log, kind, document.Name, document.Source);
                continue;
            }

            mine.Add(document.Name, document);
            result.Add(document);
        }

        return result;
    }

    private bool IsForeign(ResourceDocument document) =>
        options.Namespace is { Length: > 0 } own && document.Namespace.Length > 0 && document.Namespace != own;

    private ConfigurationResource LoadConfiguration()
    {
        var configuration = ConfigurationResource.Default;
        foreach (var path in options.ConfigPaths)
        {
            if (!File.Exists(path))
            {
                throw new SidecarException($"The configuration {path} is not there. Correct --config.");
            }

            var files = new ResourceFiles(log);
            var documents = files.Read(path);
            if (files.AnyBroken)
            {
                throw new SidecarException($"The configuration {path} can't be read; the line is in the log above.");
            }

            foreach (var document in documents.Where(document => document.Kind == "Configuration"))
            {
                configuration = ConfigurationReader.Read(document, configuration);
            }
        }

        return configuration;
    }
}
