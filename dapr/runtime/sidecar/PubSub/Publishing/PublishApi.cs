using HmsMesh.Broker;
using HmsMesh.Sidecar.Api;
using HmsMesh.Sidecar.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.PubSub.Publishing;

/// <summary>POST and PUT /v1.0/publish/{pubsub}/{topic}.</summary>
internal sealed class PublishApi(SidecarRuntime runtime, PubSubDirectory directory)
{
    private readonly ILogger _log = runtime.Logger("dapr.runtime.pubsub");

    public async ValueTask PublishAsync(ApiCall call)
    {
        var pubSub = call.Route("pubsub");
        var topic = call.Route("topic");
        if (!directory.TryGet(pubSub, out var target))
        {
            await call.FailAsync(PublishFaults.NotFound(pubSub, call.Metadata)).ConfigureAwait(false);
            return;
        }

        if (await call.ReadBodyAsync().ConfigureAwait(false) is not { } body)
        {
            // daprd finds out while it reads, and says it so.
            await call.FailAsync(PublishFaults.Failed(pubSub, topic, "stream too large")).ConfigureAwait(false);
            return;
        }

        var fault = TryPrepare(call, target, topic, body, out var outgoing);
        if (fault is null && !target.Scopes.MayPublish(topic))
        {
            fault = PublishFaults.Forbidden(pubSub, topic, runtime.Options.AppId);
        }

        if (fault is null && target.Breach(outgoing!) is { } breach)
        {
            Log.BreaksContract(_log, pubSub, topic, breach.Pointer);
            fault = PublishFaults.BreaksContract(pubSub, topic, breach);
        }

        fault ??= await SendAsync(target, outgoing!, call.Aborted).ConfigureAwait(false);
        if (fault is null)
        {
            await call.AnswerAsync(StatusCodes.Status204NoContent).ConfigureAwait(false);
        }
        else
        {
            await call.FailAsync(fault).ConfigureAwait(false);
        }
    }

    /// <summary>The event of a body, by its content type and the call's metadata.</summary>
    private ApiFault? TryPrepare(ApiCall call, PubSubTarget target, string topic, ReadOnlyMemory<byte> body, out OutgoingEvent? outgoing)
    {
        outgoing = null;
        if (!PublishMetadata.TryRaw(call.Metadata, out var raw, out var problem))
        {
            return PublishFaults.BadMetadata(target.Name, problem!, call.Metadata);
        }

        var type = call.Request.ContentType ?? "";
        if (raw)
        {
            outgoing = Outgoing.Raw(target.Name, topic, body, type, call.Metadata, runtime);
            return null;
        }

        var trace = CallTrace.Of(call);
        var request = new EnvelopeRequest(
            body, type, runtime.Options.AppId, target.Name, topic, trace.Parent, trace.State, call.Metadata, runtime.Time.GetUtcNow());
        if (!EnvelopeWriter.TryWrite(request, out var envelope, out problem))
        {
            return PublishFaults.NoCloudEvent(target.Name, runtime.Options.AppId, problem!);
        }

        outgoing = Outgoing.Of(target.Name, topic, envelope, call.Metadata, runtime);
        return null;
    }

    private async ValueTask<ApiFault?> SendAsync(PubSubTarget target, OutgoingEvent outgoing, CancellationToken cancellationToken)
    {
        var result = (await Publisher.PublishAsync(target, [outgoing], cancellationToken).ConfigureAwait(false))[0];
        if (result.Accepted)
        {
            return null;
        }

        var problem = PublishFaults.Problem(result);
        Log.NotPublished(_log, target.Name, outgoing.Topic, problem);
        return PublishFaults.Failed(target.Name, outgoing.Topic, problem, PublishFaults.Status(result.Status));
    }
}
