using HmsMesh.Broker.Writing;

namespace HmsMesh.Broker.Tests.Support;

/// <summary>Has the writer write what consumers did, and tells when that was assembled. What came before it is written and told by then.</summary>
internal sealed class ProgressRequest : WriteRequest
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override bool WithProgress => true;

    /// <summary>Returns when all that consumers did is written and told.</summary>
    public static async Task WriteAsync(LogBroker broker)
    {
        // The second is assembled after the first was committed.
        for (var i = 0; i < 2; i++)
        {
            var request = new ProgressRequest();
            broker.Core.Queue.TryAdd(request).ShouldBeNull();
            await request._done.Task.WaitAsync(Make.Patience, Make.Token);
        }
    }

    public override void Assemble(LogWriter writer) => _done.TrySetResult();

    public override void Abandon() => _done.TrySetCanceled();
}
