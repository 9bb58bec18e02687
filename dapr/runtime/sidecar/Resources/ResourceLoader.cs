using HmsMesh.Sidecar.Resiliency;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Resources;

/// <summary>Resource folders and configuration files as the set that holds for one app.</summary>
internal sealed class ResourceLoader(SidecarOptions options, ILogger log)
{
    private const string Kinds = "Component, Subscription, Resiliency, HTTPEndpoint and Configuration of dapr.io/v1alpha1, Subscription of dapr.io/v2alpha1";
    private readonly ResourceFiles _files = new(log);
    private readonly Dictionary<(string Kind, string Version, string Name), object> _lastGood = [];
    private ConfigurationResource? _configuration;

    /// <summary>Only before anything runs: later the last good resources go on.</summary>
    private bool Refuses => options.RefuseBrokenResources && _configuration is null;

    /// <summary>Reads all files anew; the configuration, which holds for as long as the sidecar runs, the first time only.</summary>
    public ResourceSet Load()
    {
        var documents = options.ResourcesPaths.SelectMany(_files.ReadFolder).ToArray();
        if (Refuses && _files.FirstProblem is { } problem)
        {
            throw new SidecarException(problem);
        }

        foreach (var document in documents.Where(static document => !IsKnown(document)))
        {
            // One of Dapr's own is likely a slip of the pen; others may lie there for other programs, and the run file often does.
            var level = document.ApiVersion.StartsWith("dapr.io/", StringComparison.Ordinal) ? LogLevel.Error
                : document is { Kind: "", ApiVersion: "" } && document.Root.Has("apps") ? LogLevel.Debug
                : LogLevel.Warning;
            var place = document.Root.SourceOf("kind");
            Log.UnknownKind(log, level, place, document.Kind, document.ApiVersion, Kinds);
        }

        var resources = new ResourceSet
        {
            Components = [.. Read(documents, "Component", "dapr.io/v1alpha1", ComponentReader.Read)],
            Subscriptions =
            [
                .. Read(documents, "Subscription", "dapr.io/v1alpha1", SubscriptionReader.ReadV1),
                .. Read(documents, "Subscription", "dapr.io/v2alpha1", SubscriptionReader.ReadV2),
            ],
            Resiliencies =
            [
                .. Read(documents, "Resiliency", "dapr.io/v1alpha1",
                    static document => new ResiliencyResource(document.Source, document.Name, Spec(document)) { Text = document.Text }),
            ],
            HttpEndpoints =
            [
                .. Read(documents, "HTTPEndpoint", "dapr.io/v1alpha1",
                    static document => new HttpEndpointResource(document.Source, document.Name, Spec(document))
                    {
                        SecretStore = document.Root.Map("auth")?.Text("secretStore"),
                        Text = document.Text,
                    }),
            ],
            Configuration = _configuration ?? LoadConfiguration(),
        };
        if (Refuses)
        {
            // It is only read later, where a broken one is left out.
            resources.Resiliencies.ToList().ForEach(static resource => ResiliencyReader.Read(resource.Spec));
        }

        _configuration = resources.Configuration;
        return resources;
    }

    private static bool IsKnown(ResourceDocument document) =>
        (document.Kind, document.ApiVersion) is
            ("Component" or "Subscription" or "Resiliency" or "HTTPEndpoint" or "Configuration", "dapr.io/v1alpha1") or ("Subscription", "dapr.io/v2alpha1");

    private static YamlMap Spec(ResourceDocument document) => document.Spec
        ?? throw new SidecarException($"{document.Source}: {document.Kind} '{document.Name}' has no spec.");

    /// <summary>The documents of a kind that are for this app. One with a field of another form is named in the log and left out, as
    /// daprd does (where it was whole before, it goes on as it was); what else is wrong with one stops the sidecar.</summary>
    private List<T> Read<T>(IEnumerable<ResourceDocument> documents, string kind, string apiVersion, Func<ResourceDocument, T> read) where T : class
    {
        var resources = new List<T>();
        foreach (var document in Mine(documents.Where(document => document.Kind == kind && document.ApiVersion == apiVersion && HasScopes(document)), kind))
        {
            try
            {
                var resource = read(document);
                _lastGood[(kind, apiVersion, document.Name)] = resource;
                resources.Add(resource);
            }
            catch (ResourceFormException wrong) when (!Refuses)
            {
                if (_lastGood.TryGetValue((kind, apiVersion, document.Name), out var before))
                {
                    Log.LastGoodKept(log, $"{kind} '{document.Name}'", wrong.Message.TrimEnd('.'));
                    resources.Add((T)before);
                }
                else
                {
                    Skipped(document, wrong);
                }
            }
        }

        return resources;
    }

    private bool HasScopes(ResourceDocument document)
    {
        try
        {
            _ = document.Scopes;
            return true;
        }
        catch (ResourceFormException wrong) when (!Refuses)
        {
            Skipped(document, wrong);
            return false;
        }
    }

    private void Skipped(ResourceDocument document, ResourceFormException wrong) =>
        Log.ResourceSkipped(log, $"{document.Kind} '{document.Name}'", wrong.Message.TrimEnd('.'), "document");

    private List<ResourceDocument> Mine(IEnumerable<ResourceDocument> documents, string kind)
    {
        var mine = new Dictionary<string, ResourceDocument>(StringComparer.Ordinal);
        var result = new List<ResourceDocument>();
        foreach (var document in documents.Where(document => !IsForeign(document)))
        {
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
            if (files.FirstProblem is { } problem)
            {
                throw new SidecarException($"The configuration can't be read: {problem}");
            }

            foreach (var document in documents.Where(document => document.Kind == "Configuration"))
            {
                configuration = ConfigurationReader.Read(document, configuration);
            }
        }

        return configuration;
    }
}
