using Microsoft.Extensions.Hosting;

namespace HmsMesh.Cli.Control;

/// <summary>Signals are the mesh's to answer, in its own order; a web server of this process doesn't listen to them.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
