namespace HmsMesh.Broker.Writing;

/// <summary>A publish of this process.</summary>
internal sealed class PublishRequest(PublishItem[] items) : EventsRequest(items)
{
    private readonly TaskCompletionSource<PublishResult[]> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<PublishResult[]> Done => _done.Task;

    protected override void Answer(PublishResult[] results) => _done.TrySetResult(results);
}
