namespace HmsMesh.Kit;

/// <summary>Events of one subject that the sidecar has accepted, to be marked as sent.</summary>
internal sealed class SentMark(string subject, IReadOnlyList<string> ids)
{
    private readonly TaskCompletionSource<bool> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Subject { get; } = subject;

    public IReadOnlyList<string> Ids { get; } = ids;

    /// <summary>Whether the subject has more.</summary>
    public Task<bool> Done => _done.Task;

    public void Complete(bool more) => _done.TrySetResult(more);

    public void Cancel() => _done.TrySetCanceled();
}
