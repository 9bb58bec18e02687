using HmsMesh.Sidecar.Hosting;
using HmsMesh.Sidecar.Resources;
using HmsMesh.Sidecar.Secrets;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Components;

/// <summary>Opens components from their resources: secrets and templates put in, the type's factory called within initTimeout.</summary>
internal sealed class ComponentOpener(SidecarOptions options, SidecarServices services, ComponentRegistry registry, ILogger log)
{
    // What the building block, and not the type, reads.
    private static readonly Dictionary<string, string[]> Common = new(StringComparer.Ordinal)
    {
        ["pubsub"] = ["allowedTopics", "protectedTopics", "publishingScopes", "subscriptionScopes", "entityManagementMaxRetries", "concurrencyMode"],
        ["state"] =
        [
            "keyPrefix", "actorStateStore", "outboxPublishPubsub", "outboxPublishTopic", "outboxPubsub", "outboxDiscardWhenMissingState",
            "primaryEncryptionKey", "secondaryEncryptionKey", "queryIndexes",
        ],
    };

    private readonly MetadataResolver _resolver = new(options, registry, log);

    /// <summary>Opens all: secret stores first, since others may take their metadata from them.</summary>
    public async Task OpenAsync(IReadOnlyList<ComponentResource> resources, CancellationToken cancellationToken)
    {
        foreach (var resource in resources.OrderBy(static resource => resource.Type.StartsWith("secretstores.", StringComparison.Ordinal) ? 0 : 1))
        {
            await OpenAsync(resource, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Opens one; a failure that ignoreErrors covers is named in the log, any other thrown.</summary>
    /// <returns>What it replaces, for the caller to dispose once nobody uses it any more.</returns>
    public async Task<LoadedComponent?> OpenAsync(ComponentResource resource, CancellationToken cancellationToken)
    {
        try
        {
            var factory = Factory(resource);
            if (await _resolver.ResolveAsync(resource, cancellationToken).ConfigureAwait(false) is not { } metadata)
            {
                return null;
            }

            WarnOfUnknown(resource, factory, metadata);
            var resolved = resource with { Metadata = metadata };
            var component = await CreateAsync(factory, new ComponentContext(resolved, options, services), cancellationToken).ConfigureAwait(false);
            _ = registry.TryGet<IComponent>(resource.Name, out _, out var replaced);
            registry.Add(new LoadedComponent(resolved, component));
            Log.Loaded(log, resource.Name, resource.Type, resource.Version);
            return replaced;
        }
        catch (SidecarException failure) when (resource.IgnoreErrors)
        {
            Log.Ignored(log, failure.Message);
            return null;
        }
    }

    public async Task CloseAsync(string name)
    {
        if (registry.TryRemove(name, out var component))
        {
            await component.Instance.DisposeAsync().ConfigureAwait(false);
            Log.Closed(log, name, component.Resource.Type);
        }
    }

    private static IComponentFactory Factory(ComponentResource resource) =>
        resource.Version is "v1" or ""
            && BuiltInComponents.All.FirstOrDefault(factory => string.Equals(factory.Type, resource.Type, StringComparison.OrdinalIgnoreCase)) is { } factory
            ? factory
            : throw new SidecarException(
                $"{resource.TypeSource ?? resource.Source}: the component '{resource.Name}' is of the type {resource.Type}/{resource.Version}, which this sidecar doesn't have. "
                + $"It has {string.Join(", ", BuiltInComponents.All.Select(static known => known.Type).Order(StringComparer.Ordinal))} (v1).");

    private async Task<IComponent> CreateAsync(IComponentFactory factory, ComponentContext context, CancellationToken cancellationToken)
    {
        var resource = context.Resource;
        using var timeout = new CancellationTokenSource(resource.InitTimeout, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await factory.CreateAsync(context, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException late) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new SidecarException(
                $"{resource.Source}: the component '{resource.Name}' ({resource.Type}) was not open within its initTimeout of {GoDuration.Text(resource.InitTimeout)}.", late);
        }
        catch (Exception failure) when (failure is not SidecarException and not OperationCanceledException)
        {
            throw new SidecarException(
                $"{resource.Source}: the component '{resource.Name}' ({resource.Type}) can't be opened: {failure.Message}", failure);
        }
    }

    private void WarnOfUnknown(ComponentResource resource, IComponentFactory factory, IReadOnlyDictionary<string, string> metadata)
    {
        var block = factory.Type[..factory.Type.IndexOf('.', StringComparison.Ordinal)];
        var known = factory.MetadataNames.Concat(Common.GetValueOrDefault(block, []));
        foreach (var name in metadata.Keys.Except(known, StringComparer.OrdinalIgnoreCase))
        {
            Log.UnknownMetadata(log, resource.SourceOf(name), name, resource.Name, factory.Type);
        }
    }
}
