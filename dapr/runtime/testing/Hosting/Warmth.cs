using HmsMesh.Kit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HmsMesh.Testing.Hosting;

/// <summary>A service that listens may still be warming up, and answers so at /healthz.</summary>
internal static class Warmth
{
    /// <summary>Completes when the service is ready; throws where it stops before.</summary>
    public static async Task UntilReadyAsync(this IServiceProvider services, string appId, CancellationToken cancellationToken)
    {
        var ready = services.GetRequiredService<Readiness>().Ready;
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var watch = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopped.SetResult).ConfigureAwait(false);
        if (await Task.WhenAny(ready, stopped.Task).WaitAsync(cancellationToken).ConfigureAwait(false) != ready)
            throw new InvalidOperationException($"{appId} stopped before it was ready; its log says why.");
    }
}
