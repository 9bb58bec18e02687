using HmsMesh.Sidecar.Components;
using HmsMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Hosting;

/// <summary>What the features of one sidecar share. Made before any feature.</summary>
internal sealed class SidecarRuntime(SidecarOptions options, SidecarServices services, ResourceSet resources, ComponentRegistry components)
{
    public SidecarOptions Options { get; } = options;

    public SidecarServices Services { get; } = services;

    public TimeProvider Time => Services.Time;

    /// <summary>The resources that hold for this app: scopes are applied. Replaced as a whole when files change.</summary>
    public ResourceSet Resources { get; set; } = resources;

    /// <summary>The open components.</summary>
    public ComponentRegistry Components { get; } = components;

    /// <summary>Cancelled when the sidecar begins to stop.</summary>
    public CancellationToken Stopping => StoppingSource.Token;

    public CancellationTokenSource StoppingSource { get; } = new();

    /// <summary>Begins the shutdown (POST /v1.0/shutdown, a fatal fault); returns at once.</summary>
    public Action<SidecarException?> RequestShutdown { get; set; } = static _ => { };

    /// <summary>A logger whose lines carry the app id and a scope such as dapr.runtime.pubsub.</summary>
    public ILogger Logger(string scope) => Services.Loggers.CreateLogger($"{scope}/{Options.AppId}");
}
