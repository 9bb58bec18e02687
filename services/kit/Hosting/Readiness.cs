namespace HmsMesh.Kit;

/// <summary>Whether the service is warm.</summary>
internal sealed class Readiness
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsReady => _ready.Task.IsCompletedSuccessfully;

    /// <summary>Completes when the service is warm; for hosts in the same process.</summary>
    public Task Ready => _ready.Task;

    public void Set() => _ready.TrySetResult();
}
