using HmsMesh.Sidecar;

namespace HmsMesh.Cli.Supervision.Sidecars;

/// <summary>A sidecar in this process.</summary>
internal sealed class HostedSidecar(MeshSidecar sidecar) : ISidecar
{
    public int? Pid => null;

    public Task<string> Ended { get; } = EndAsync(sidecar);

    public async Task<bool> ReadyAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAny(sidecar.Ready, sidecar.Ended).WaitAsync(cancellationToken);
        return sidecar.Ready.IsCompletedSuccessfully;
    }

    public Task<IReadOnlyList<OpenCircuit>> CircuitsAsync(CancellationToken cancellationToken) => Task.FromResult(sidecar.OpenCircuits);

    public Task StopDeliveriesAsync(CancellationToken cancellationToken) => sidecar.StopDeliveriesAsync(cancellationToken);

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await sidecar.StopAsync(cancellationToken);
        }
        catch (SidecarException) when (sidecar.Ended.IsFaulted)
        {
            // Its log tells the fault that ended it; it has ended all the same.
        }
    }

    public ValueTask DisposeAsync() => sidecar.DisposeAsync();

    private static async Task<string> EndAsync(MeshSidecar sidecar)
    {
        await sidecar.Ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return sidecar.Ended.Exception?.InnerException is { } fault ? $"has failed: {fault.Message.TrimEnd('.')}" : "was shut down";
    }
}
