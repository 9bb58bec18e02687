using System.Buffers;
using System.Text;
using System.Text.Json;
using HmsMesh.Broker;
using HmsMesh.Sidecar.Api;
using HmsMesh.Sidecar.Hosting;
using HmsMesh.Sidecar.PubSub.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.PubSub.Publishing;

/// <summary>POST and PUT /v1.0/publish/bulk/{pubsub}/{topic}: every entry an event of its own, each with its own outcome.</summary>
internal sealed class BulkPublishApi(SidecarRuntime runtime, PubSubDirectory directory)
{
    private const string Mismatch = "error: mismatch between contentType and event";
    private readonly ILogger _log = runtime.Logger("dapr.runtime.pubsub");

    private string AppId => runtime.Options.AppId;

    public async ValueTask PublishAsync(ApiCall call)
    {
        var pubSub = call.Route("pubsub");
        var topic = call.Route("topic");
        if (!directory.TryGet(pubSub, out var target))
        {
            await call.FailAsync(PublishFaults.NotFound(pubSub, call.Metadata)).ConfigureAwait(false);
            return;
        }

        var (fault, entries, events) = await ReadAsync(call, target, topic).ConfigureAwait(false);
        if (fault is null && !target.Scopes.MayPublish(topic))
        {
            fault = PublishFaults.Forbidden(pubSub, topic, AppId);
        }

        if (fault is not null)
        {
            await call.FailAsync(fault).ConfigureAwait(false);
            return;
        }

        if (events.Count == 0)
        {
            await call.AnswerAsync(StatusCodes.Status204NoContent).ConfigureAwait(false);
            return;
        }

        var breaches = events.ConvertAll(target.Breach);
        var sending = breaches.TrueForAll(static breach => breach is null) ? events : [.. events.Where((_, at) => breaches[at] is null)];
        var results = sending.Count == 0 ? [] : await Publisher.PublishAsync(target, sending, call.Aborted).ConfigureAwait(false);
        var failures = Failures(entries, breaches, results);
        if (failures.Count == 0)
        {
            await call.AnswerAsync(StatusCodes.Status204NoContent).ConfigureAwait(false);
            return;
        }

        // What the broker did not take counts before what broke a contract: only that is worth another try.
        var refused = results.FirstOrDefault(static result => !result.Accepted);
        var broken = results.All(static result => result.Accepted);
        if (broken)
        {
            Log.BreaksContract(_log, pubSub, topic, breaches.First(static breach => breach is not null)!.Pointer);
        }
        else
        {
            Log.NotPublished(_log, pubSub, topic, PublishFaults.Problem(refused));
        }

        await call.AnswerAsync(
            broken ? breaches.Exists(static breach => breach is { Unreadable: true }) ? 500 : 422 : PublishFaults.Status(refused.Status),
            Write(failures, broken ? PublishFaults.Contract : PublishFaults.PublishMessage)).ConfigureAwait(false);
    }

    /// <summary>What became of each entry that is not published, with its reason.</summary>
    private static List<(string Id, string Error)> Failures(List<BulkEntry> entries, List<ContractBreach?> breaches, IReadOnlyList<PublishResult> results)
    {
        var failures = new List<(string Id, string Error)>();
        var sent = 0;
        for (var at = 0; at < entries.Count; at++)
        {
            if (breaches[at] is { } breach)
            {
                failures.Add((entries[at].Id, $"the event breaks the contract of its topic: {breach.Message}"));
            }
            else if (results[sent++] is { Accepted: false } result)
            {
                failures.Add((entries[at].Id, PublishFaults.Problem(result)));
            }
        }

        return failures;
    }

    private static ReadOnlyMemory<byte> Write(List<(string Id, string Error)> failures, string code)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteStartArray("failedEntries"u8);
        foreach (var (id, error) in failures)
        {
            json.WriteStartObject();
            json.WriteString("entryId"u8, id);
            json.WriteString("error"u8, error);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("errorCode"u8, code);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private async ValueTask<(ApiFault? Fault, List<BulkEntry> Entries, List<OutgoingEvent> Events)> ReadAsync(
        ApiCall call, PubSubTarget target, string topic)
    {
        if (!PublishMetadata.TryRaw(call.Metadata, out var raw, out var problem))
        {
            return (PublishFaults.BadMetadata(target.Name, problem!, call.Metadata), [], []);
        }

        if (await call.ReadBodyAsync().ConfigureAwait(false) is not { } body)
        {
            return (PublishFaults.NoEntries(target.Name, topic, AppId, "stream too large"), [], []);
        }

        if (!BulkEntryReader.TryRead(body, out var entries, out problem))
        {
            return (PublishFaults.NoEntries(target.Name, topic, AppId, problem!), [], []);
        }

        var events = new List<OutgoingEvent>(entries.Count);
        return (Convert(call, target, topic, raw, entries, events), entries, events);
    }

    private ApiFault? Convert(ApiCall call, PubSubTarget target, string topic, bool raw, List<BulkEntry> entries, List<OutgoingEvent> events)
    {
        var bytes = new List<ReadOnlyMemory<byte>>(entries.Count);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (!TryBytes(entry, out var data, out var problem))
            {
                return PublishFaults.BadEntry(target.Name, topic, AppId, problem);
            }

            if (entry.Id.Length == 0 || !ids.Add(entry.Id))
            {
                return PublishFaults.BadEntryId(target.Name, topic, AppId);
            }

            bytes.Add(data);
        }

        for (var i = 0; i < entries.Count; i++)
        {
            var metadata = Merge(call.Metadata, entries[i].Metadata);
            if (raw)
            {
                events.Add(Outgoing.Raw(target.Name, topic, bytes[i], entries[i].ContentType, metadata, runtime));
                continue;
            }

            var trace = CallTrace.Of(call, child: true);
            var request = new EnvelopeRequest(
                bytes[i], entries[i].ContentType, AppId, target.Name, topic, trace.Parent, trace.State, metadata, runtime.Time.GetUtcNow());
            if (!EnvelopeWriter.TryWrite(request, out var envelope, out var problem))
            {
                return PublishFaults.NoCloudEvent(target.Name, AppId, problem!);
            }

            events.Add(Outgoing.Of(target.Name, topic, envelope, metadata, runtime));
        }

        return null;
    }

    /// <summary>An entry's own metadata over the call's. As with daprd, an entry without any gets none of the call's either.</summary>
    private static IReadOnlyDictionary<string, string> Merge(IReadOnlyDictionary<string, string> call, IReadOnlyDictionary<string, string>? entry)
    {
        if (entry is null)
        {
            return PublishMetadata.None;
        }

        if (call.Count == 0)
        {
            return entry;
        }

        var merged = new Dictionary<string, string>(call, StringComparer.Ordinal);
        foreach (var (name, value) in entry)
        {
            merged[name] = value;
        }

        return merged;
    }

    /// <summary>What an entry's event is as a body: bytes in base64, a text, or JSON, as its content type says.</summary>
    private static bool TryBytes(BulkEntry entry, out ReadOnlyMemory<byte> bytes, out string problem)
    {
        bytes = default;
        problem = Mismatch;
        if (ContentTypes.IsBinary(entry.ContentType))
        {
            if (entry.Text is null)
            {
                return false;
            }

            try
            {
                bytes = System.Convert.FromBase64String(entry.Text);
                return true;
            }
            catch (FormatException e)
            {
                problem = $"error: unable to decode base64 application/octet-stream data: {e.Message}";
                return false;
            }
        }

        if (ContentTypes.IsText(entry.ContentType))
        {
            bytes = entry.Text is null ? default : Encoding.UTF8.GetBytes(entry.Text);
            return entry.Text is not null;
        }

        bytes = entry.Event;
        return ContentTypes.IsJson(entry.ContentType) || ContentTypes.IsCloudEvent(entry.ContentType);
    }
}
