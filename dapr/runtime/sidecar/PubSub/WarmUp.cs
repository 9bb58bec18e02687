using System.Text;
using HmsMesh.Broker;
using HmsMesh.Sidecar.AppChannel;
using HmsMesh.Sidecar.Hosting;
using HmsMesh.Sidecar.PubSub.Publishing;
using HmsMesh.Sidecar.PubSub.Subscribing;
using HmsMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.PubSub;

/// <summary>Runs what an event passes through once, without any broker or app seeing it, so that the first event isn't slower than the rest.</summary>
internal static class WarmUp
{
    public static void Run(SidecarRuntime runtime, AppClient app, ILogger log)
    {
        try
        {
            var metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["cloudevent.subject"] = "warm", ["ttlInSeconds"] = "60" };
            var plain = Envelope(runtime, """{"warm":1}""", ContentTypes.Json, metadata);
            var ready = Envelope(runtime, Encoding.UTF8.GetString(plain.Data), ContentTypes.CloudEvent, PublishMetadata.None);
            EventHead.TryRead(ready.Data, out _, out _);
            var subscription = new SubscriptionResource
            {
                PubSub = "warm",
                Topic = "warm",
                Rules = [new("event.type == 'warm' || has(event.data.cold)", "/warm")],
                DefaultPath = "/cold",
            };
            if (EventRoutes.TryCreate(subscription, app.Address, out var routes, out _))
            {
                routes!.TryFind(ready.Data, out _, out _);
            }

            using var request = app.Request(HttpMethod.Post, "/warm");
            DeliveryHeaders.Add(request, "warm", metadata);
            AnswerReader.Read(new(200, """{"status":"SUCCESS"}"""u8.ToArray()));
            new DeliveryTrace(runtime.Resources.Configuration).Of("");
            Outgoing.Of("warm", "warm", ready, metadata, runtime);
            _ = new Verdict(VerdictKind.Handled);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Warming is a favour: what is wrong shows itself with the first event.
            Log.NotWarm(log, failure);
        }
    }

    private static Envelope Envelope(SidecarRuntime runtime, string body, string type, IReadOnlyDictionary<string, string> metadata)
    {
        EnvelopeWriter.TryWrite(
            new(Encoding.UTF8.GetBytes(body), type, runtime.Options.AppId, "warm", "warm", "", "", metadata, runtime.Time.GetUtcNow()),
            out var envelope,
            out _);
        return envelope;
    }
}
