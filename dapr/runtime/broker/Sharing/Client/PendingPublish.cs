namespace HmsMesh.Broker.Sharing.Client;

/// <summary>Events on their way to whichever process writes, until it has answered.</summary>
internal sealed class PendingPublish(long id, EncodedEvent[] events, int bytes, long began)
{
    private readonly TaskCompletionSource<PublishResult[]> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Id { get; } = id;

    public EncodedEvent[] Events { get; } = events;

    public int Bytes { get; } = bytes;

    public long Began { get; } = began;

    public Task<PublishResult[]> Done => _done.Task;

    public void Answer(PublishResult[] results) => _done.TrySetResult(results);

    public void Refuse(PublishStatus status, string problem)
    {
        var results = new PublishResult[Events.Length];
        Array.Fill(results, new PublishResult(status, 0, problem));
        Answer(results);
    }
}
