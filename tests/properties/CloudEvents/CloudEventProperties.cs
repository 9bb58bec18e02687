using System.Collections.ObjectModel;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using HmsMesh.Properties.Tests.Support;
using HmsMesh.Sidecar.AppChannel;
using HmsMesh.Sidecar.PubSub.Publishing;
using HmsMesh.Sidecar.PubSub.Subscribing;

namespace HmsMesh.Properties.Tests.CloudEvents;

/// <summary>Whatever is published, the answer is an envelope that says what was published, or a problem.</summary>
public class CloudEventProperties
{
    private static readonly string[] Fields =
        ["id", "source", "type", "specversion", "subject", "time", "data", "data_base64", "datacontenttype", "traceid", "traceparent", "tracestate", "topic", "pubsubname", "expiration", "x"];

    private static readonly Gen<byte[]> Bodies = Gen.Frequency(
        (6, Texts.Mutated(JsonTexts.Object(3, Fields))),
        (2, Texts.Mutated(JsonTexts.Value(3, Fields))),
        (1, Texts.Noise),
        (1, Gen.Choose(1, 12_000).Select(static depth => Encoding.ASCII.GetBytes(new string('[', depth) + new string(']', depth)))));

    private static readonly Gen<string> ContentTypes = Texts.Word(
        "application/cloudevents+json", "application/json", "text/plain", "application/octet-stream", "", "APPLICATION/JSON; charset=utf-8");

    private static readonly Gen<Dictionary<string, string>> Metadata =
        (from name in Texts.Word("cloudevent.id", "cloudevent.source", "cloudevent.type", "cloudevent.subject", "cloudevent.traceid", "cloudevent.traceparent",
            "cloudevent.tracestate", "ttlInSeconds", "ttl", "rawPayload", "partitionKey")
         from value in Texts.Word("a", "10", "1h", "-5s", "99999999999999999999", "9223372036854775807", "2562047h47m", "")
         select (name, value)).ListOf(3).Select(static pairs => pairs.GroupBy(static one => one.name).ToDictionary(static one => one.Key, static one => one.First().value));

    [Fact]
    public void TryWrite_AnyBody_IsAnEnvelopeOfItOrAProblem() => Holds.ForAll(
        from body in Bodies from type in ContentTypes from metadata in Metadata select (body, type, metadata),
        static given =>
        {
            var request = new EnvelopeRequest(given.body, given.type, "app", "pubsub", "orders", "00-trace", "state", given.metadata, DateTimeOffset.UnixEpoch);
            if (!EnvelopeWriter.TryWrite(request, out var envelope, out var problem))
            {
                problem.ShouldNotBeNullOrEmpty();
                return;
            }

            using var written = JsonDocument.Parse(envelope.Data, new JsonDocumentOptions { MaxDepth = 10_100 });
            written.RootElement.GetProperty("topic").GetString().ShouldBe("orders");
            written.RootElement.GetProperty("pubsubname").GetString().ShouldBe("pubsub");
            Text(written.RootElement, "id").ShouldBe(envelope.Id);
            Text(written.RootElement, "source").ShouldBe(envelope.Source);
            EventHead.TryRead(envelope.Data, out var head, out problem).ShouldBeTrue(problem);
            head.Id.ShouldBe(envelope.Id);
        },
        700);

    [Theory]
    [InlineData("""{"id":"\ud800"}""")]
    [InlineData("""{"\ud800":1}""")]
    public void TryWrite_HalfASurrogatePair_IsAProblem(string body)
    {
        var request = new EnvelopeRequest(
            Encoding.UTF8.GetBytes(body), "application/cloudevents+json", "app", "pubsub", "orders", "", "", ReadOnlyDictionary<string, string>.Empty, DateTimeOffset.UnixEpoch);

        EnvelopeWriter.TryWrite(request, out _, out var problem).ShouldBeFalse();

        problem!.ShouldContain("not Unicode");
    }

    [Theory]
    [InlineData("""[{"entryId":"\udc00","event":1}]""")]
    [InlineData("""[{"entryId":"1","event":"\ud800"}]""")]
    public void TryRead_BulkEntryWithHalfASurrogatePair_IsAProblem(string body)
    {
        BulkEntryReader.TryRead(Encoding.UTF8.GetBytes(body), out _, out var problem).ShouldBeFalse();

        problem!.ShouldContain("not Unicode");
    }

    [Fact]
    public void TryRead_AnyEventHead_IsReadOrAProblem() => Holds.ForAll(
        Bodies,
        static body => (EventHead.TryRead(body, out _, out var problem) == problem is null).ShouldBeTrue(),
        700);

    [Fact]
    public void TryRead_AnyBulkBody_IsEntriesOrAProblem() => Holds.ForAll(
        Gen.OneOf(
            Texts.Mutated(JsonTexts.Object(2, "entryId", "event", "contentType", "metadata").ListOf(3).Select(static entries => $"[{string.Join(',', entries)}]")),
            Bodies),
        static body =>
        {
            if (!BulkEntryReader.TryRead(body, out var entries, out var problem))
            {
                problem.ShouldNotBeNullOrEmpty();
                return;
            }

            foreach (var entry in entries)
            {
                using var written = JsonDocument.Parse(entry.Event, new JsonDocumentOptions { MaxDepth = 10_100 });
                var request = new EnvelopeRequest(
                    entry.Event, entry.ContentType, "app", "pubsub", "orders", "", "", entry.Metadata ?? ReadOnlyDictionary<string, string>.Empty, DateTimeOffset.UnixEpoch);
                EnvelopeWriter.TryWrite(request, out _, out _);
            }
        },
        700);

    [Fact]
    public void Read_AnyAnswerOfAnApp_IsAnOutcome() => Holds.ForAll(
        from status in Gen.Choose(0, 999)
        from body in Texts.Mutated(JsonTexts.Object(2, "status", "statuses", "entryId"))
        select (status, body),
        static given =>
        {
            AnswerReader.ReadBulk(given.body);
            var answer = new AppAnswer(given.status, given.body);
            var outcome = AnswerReader.Read(answer);
            (outcome.Cause is null).ShouldBe(outcome.Kind == Broker.VerdictKind.Handled);
        },
        700);

    private static string? Text(JsonElement envelope, string name) =>
        envelope.TryGetProperty(name, out var field) && field.ValueKind == JsonValueKind.String ? field.GetString() : null;
}
