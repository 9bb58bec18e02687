using HmsMesh.Broker;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace HmsMesh.Sidecar.PubSub.Publishing;

/// <summary>Hands events to a component under its outbound policy. What was accepted is not sent again by a retry.</summary>
internal static class Publisher
{
    /// <summary>One result for each event, in their order.</summary>
    public static async ValueTask<IReadOnlyList<PublishResult>> PublishAsync(
        PubSubTarget target, IReadOnlyList<OutgoingEvent> events, CancellationToken cancellationToken)
    {
        var batch = new PublishBatch(target.Component, events);
        try
        {
            await target.Outbound.ExecuteAsync(
                static (state, token) => state.SendAsync(token), batch, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException)
        {
            batch.Fail("context deadline exceeded");
        }
        catch (BrokenCircuitException)
        {
            batch.Fail("circuit breaker is open");
        }

        return batch.Results;
    }
}
