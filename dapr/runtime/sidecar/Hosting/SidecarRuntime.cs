using HmsMesh.Sidecar.Components;
using HmsMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Hosting;

/// <summary>What the features of one sidecar share. Made before any feature.</summary>
internal sealed class SidecarRuntime(SidecarOptions options, SidecarServices services, ResourceSet resources, ComponentRegistry components)
    : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    public SidecarOptions Options { get; } = options;

    public SidecarServices Services { get; } = services;

    public TimeProvider Time => Services.Time;

    /// <summary>The resources that hold for this app: scopes are applied. Replaced as a whole when files change.</summary>
    public ResourceSet Resources { get; set; } = resources;

    /// <summary>The open components.</summary>
    public ComponentRegistry Components { get; } = components;

    /// <summary>The app was reached and every feature has taken note.</summary>
    public bool IsReady { get; set; }

    /// <summary>Cancelled when the sidecar begins to stop.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Begins the shutdown (POST /v1.0/shutdown, or with a fatal fault); returns at once.</summary>
    public required Action<SidecarException?> RequestShutdown { get; init; }

    /// <summary>Completes when no delivery is under way and none begins any more.</summary>
    public Func<CancellationToken, Task> StopDeliveries { get; init; } = static _ => Task.CompletedTask;

    /// <summary>A logger whose category is a scope such as dapr.runtime.pubsub and the app id.</summary>
    public ILogger Logger(string scope) => Services.Loggers.CreateLogger(SidecarLogCategory.Of(scope, Options.AppId));

    public Task BeginStopAsync() => _stopping.CancelAsync();

    public void Dispose() => _stopping.Dispose();
}
