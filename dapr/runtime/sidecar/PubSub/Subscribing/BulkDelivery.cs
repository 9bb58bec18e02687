using HmsMesh.Broker;
using HmsMesh.Sidecar.AppChannel;
using HmsMesh.Sidecar.PubSub.Publishing;

namespace HmsMesh.Sidecar.PubSub.Subscribing;

/// <summary>Delivers several events in one request a path, and reads a status for each from the answer.</summary>
internal sealed class BulkDelivery(DeliveryContext context) : IDeliveryHandler
{
    private const string BulkType = "com.dapr.event.sent.bulk";

    public async ValueTask<IReadOnlyList<Verdict>> HandleAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
    {
        var verdicts = new Verdict[deliveries.Count];
        var began = context.Time.GetTimestamp();
        if (!context.IsOpen)
        {
            Array.Fill(verdicts, new(VerdictKind.GivenBack, "the app takes no deliveries now"));
            return verdicts;
        }

        var groups = new Dictionary<EventPath, List<BulkItem>>();
        for (var i = 0; i < verdicts.Length; i++)
        {
            if (!context.TryPrepare(deliveries[i], out var prepared, out verdicts[i]))
            {
                continue;
            }

            if (!groups.TryGetValue(prepared.Path, out var group))
            {
                groups[prepared.Path] = group = new(verdicts.Length);
            }

            group.Add(new(i, Guid.NewGuid().ToString("D"), deliveries[i], prepared));
        }

        foreach (var (path, group) in groups)
        {
            var reply = await context.TryAsync(
                static state => state.Self.Request(state.path, state.group),
                static (answer, state) => Read(answer, state.group),
                (Self: this, path, group),
                began,
                cancellationToken).ConfigureAwait(false);
            foreach (var item in group)
            {
                var outcome = reply.For(item.EntryId);
                if (outcome.Kind is VerdictKind.Failed or VerdictKind.GivenUp)
                {
                    Log.Failed(context.Logger, item.Prepared.Id, context.Topic, outcome.Cause, item.Delivery.Try);
                }

                verdicts[item.Index] = context.Judge(outcome, item.Prepared.TraceParent);
            }
        }

        return verdicts;
    }

    private static DeliveryReply Read(in AppAnswer answer, List<BulkItem> group)
    {
        if (answer.Status == 404)
        {
            return DeliveryReply.Of(new(VerdictKind.Dropped, "the app answered 404"));
        }

        if (!answer.Succeeded)
        {
            return DeliveryReply.Of(new(VerdictKind.Failed, $"the app answered {answer.Status}"));
        }

        if (AnswerReader.ReadBulk(answer.Body) is not { } outcomes)
        {
            return DeliveryReply.Of(new(VerdictKind.Failed, "the app's answer is no list of statuses"));
        }

        var reply = new DeliveryReply(AppOutcome.Handled, outcomes, false);
        return reply with { HasFailed = group.Exists(item => reply.For(item.EntryId).HasFailed) };
    }

    private HttpRequestMessage Request(EventPath path, List<BulkItem> group)
    {
        var request = context.App.Request(HttpMethod.Post, path.Address);
        DeliveryHeaders.Add(request, context.Target.Name, PublishMetadata.None);
        if (group.FindLast(item => item.Prepared.TraceParent is not null).Prepared.TraceParent is { } trace)
        {
            request.Headers.TryAddWithoutValidation("traceparent", trace);
        }

        request.Content = new ReadOnlyMemoryContent(Envelope(group));
        request.Content.Headers.TryAddWithoutValidation("Content-Type", ContentTypes.Json);
        return request;
    }

    private byte[] Envelope(List<BulkItem> group)
    {
        var buffer = JsonBuffer.Take();
        var json = buffer.Writer;
        json.WriteStartObject();
        json.WriteStartArray("entries"u8);
        foreach (var item in group)
        {
            json.WriteStartObject();
            json.WriteString("entryId"u8, item.EntryId);
            if (context.IsRaw)
            {
                json.WriteBase64String("event"u8, item.Delivery.Event.Data.Span);
            }
            else
            {
                json.WritePropertyName("event"u8);
                json.WriteRawValue(item.Prepared.Data.Span, skipInputValidation: true);
            }

            json.WriteStartObject("metadata"u8);
            foreach (var (name, value) in item.Delivery.Event.Metadata)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            json.WriteString("contentType"u8, context.IsRaw ? ContentTypes.Binary : ContentTypes.CloudEvent);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("id"u8, Guid.NewGuid().ToString("D"));
        json.WriteStartObject("metadata"u8);
        json.WriteString("pubsubName"u8, context.Target.Name);
        json.WriteEndObject();
        json.WriteString("pubsubname"u8, context.Target.Name);
        json.WriteString("topic"u8, context.Topic);
        json.WriteString("type"u8, BulkType);
        json.WriteEndObject();
        return buffer.Copy();
    }
}
