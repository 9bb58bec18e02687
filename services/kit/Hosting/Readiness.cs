namespace HmsMesh.Kit;

/// <summary>Whether the service is warm.</summary>
internal sealed class Readiness
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The host has started; it may still be warming up.</summary>
    public bool HasStarted { get; set; }

    public bool IsReady => _ready.Task.IsCompletedSuccessfully;

    /// <summary>Completes when the service is warm; for hosts in the same process.</summary>
    public Task Ready => _ready.Task;

    public void Set() => _ready.TrySetResult();
}
