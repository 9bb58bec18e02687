using HmsMesh.Cli.Supervision.Sidecars;
using HmsMesh.Sidecar;

namespace HmsMesh.Cli.Tests.Supervision;

internal sealed class FakeSidecar : ISidecar
{
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int? Pid => null;

    public Task<string> Ended => _ended.Task;

    public void End(string how) => _ended.TrySetResult(how);

    public Task<bool> ReadyAsync(CancellationToken cancellationToken) => Task.FromResult(!_ended.Task.IsCompleted);

    public Task<IReadOnlyList<OpenCircuit>> CircuitsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<OpenCircuit>>([]);

    public Task StopDeliveriesAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken)
    {
        End("was shut down");
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        End("was shut down");
        return ValueTask.CompletedTask;
    }
}
