using HmsMesh.Broker;
using HmsMesh.Sidecar.AppChannel;

namespace HmsMesh.Sidecar.PubSub.Subscribing;

/// <summary>Delivers events one by one: POST of the CloudEvent to the path that the rules choose.</summary>
internal sealed class SingleDelivery(DeliveryContext context) : IDeliveryHandler
{
    public async ValueTask<IReadOnlyList<Verdict>> HandleAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
    {
        var verdicts = new Verdict[deliveries.Count];
        var began = context.Time.GetTimestamp();
        for (var i = 0; i < verdicts.Length; i++)
        {
            verdicts[i] = await DeliverAsync(deliveries[i], began, cancellationToken).ConfigureAwait(false);
        }

        return verdicts;
    }

    private async ValueTask<Verdict> DeliverAsync(Delivery delivery, long began, CancellationToken cancellationToken)
    {
        if (!context.IsOpen)
        {
            return new(VerdictKind.GivenBack, "the app takes no deliveries now");
        }

        if (!context.TryPrepare(delivery, out var prepared, out var verdict))
        {
            return verdict;
        }

        var reply = await context.TryAsync(
            static state => state.Self.Request(state.prepared, state.delivery),
            static (answer, _) => DeliveryReply.Of(AnswerReader.Read(answer)),
            (Self: this, prepared, delivery),
            began,
            cancellationToken).ConfigureAwait(false);
        Report(reply.All, prepared, delivery);
        return context.Judge(reply.All, prepared.TraceParent);
    }

    private HttpRequestMessage Request(in PreparedEvent prepared, Delivery delivery)
    {
        var request = context.App.Request(HttpMethod.Post, prepared.Path.Address);
        DeliveryHeaders.Add(request, context.Target.Name, delivery.Event.Metadata);
        if (prepared.TraceParent is not null)
        {
            request.Headers.TryAddWithoutValidation("traceparent", prepared.TraceParent);
        }

        request.Content = new ReadOnlyMemoryContent(prepared.Data);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", ContentTypes.CloudEvent);
        return request;
    }

    private void Report(in AppOutcome outcome, in PreparedEvent prepared, Delivery delivery)
    {
        switch (outcome.Kind)
        {
            case VerdictKind.Handled or VerdictKind.AlreadyHandled:
                Log.Delivered(context.Logger, prepared.Id, context.Topic, prepared.Path.Path);
                break;
            case VerdictKind.Dropped:
                Log.Dropped(context.Logger, prepared.Id, context.Topic, outcome.Cause);
                break;
            case VerdictKind.Failed or VerdictKind.GivenUp:
                Log.Failed(context.Logger, prepared.Id, context.Topic, outcome.Cause, delivery.Try);
                break;
        }
    }
}
