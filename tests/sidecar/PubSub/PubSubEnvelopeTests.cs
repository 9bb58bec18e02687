using System.Text;
using System.Text.Json;
using HmsMesh.Sidecar.PubSub;
using HmsMesh.Sidecar.PubSub.Publishing;

namespace HmsMesh.Sidecar.Tests.PubSub;

public class PubSubEnvelopeTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    [Theory]
    [InlineData("""{"a":1}""", "application/json", """{"a":1}""")]
    [InlineData("""{"a":1}""", "Application/JSON; charset=utf-8", """{"a":1}""")]
    [InlineData(" [1, 2] ", "application/json", "[1, 2]")]
    [InlineData("12345678901234567890.123456789", "application/json", "12345678901234567890.123456789")]
    [InlineData("{\"a\":1} and more", "application/json", """{"a":1}""")]
    [InlineData("1 2", "application/json", "1")]
    [InlineData("{oops", "application/json", "\"{oops\"")]
    [InlineData("", "application/json", "\"\"")]
    [InlineData("null", "application/json", "null")]
    [InlineData("""{"a":1}""", "", "\"{\\u0022a\\u0022:1}\"")]
    [InlineData("hello", "text/plain", "\"hello\"")]
    [InlineData("<a>1</a>", "application/xml", "\"<a>1</a>\"")]
    public void TryWrite_Body_BecomesDataByItsContentType(string body, string contentType, string data)
    {
        var envelope = Wrap(body, contentType);

        JsonElement.DeepEquals(envelope.GetProperty("data"), JsonDocument.Parse(data).RootElement).ShouldBeTrue(envelope.GetRawText());
        envelope.GetProperty("datacontenttype").GetString().ShouldBe(contentType.Length == 0 ? "text/plain" : contentType);
    }

    [Fact]
    public void TryWrite_PlainBody_HasDaprsFieldsAndNoOthers()
    {
        var envelope = Wrap("1", "application/json");

        Names(envelope).ShouldBe(
            ["data", "datacontenttype", "id", "pubsubname", "source", "specversion", "time", "topic", "traceid", "traceparent", "tracestate", "type"],
            ignoreOrder: true);
        envelope.GetProperty("source").GetString().ShouldBe("app");
        envelope.GetProperty("type").GetString().ShouldBe("com.dapr.event.sent");
        envelope.GetProperty("time").GetString().ShouldBe("2026-01-02T03:04:05Z");
        Guid.TryParse(envelope.GetProperty("id").GetString(), out _).ShouldBeTrue();
    }

    [Fact]
    public void TryWrite_Bytes_BecomeBase64()
    {
        var envelope = Wrap("\u0001\u0002bytes", "application/octet-stream");

        envelope.GetProperty("data_base64").GetBytesFromBase64().ShouldBe("\u0001\u0002bytes"u8.ToArray());
        envelope.TryGetProperty("data", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json")]
    public void TryWrite_BytesThatAreNoUtf8_AreReplacedNotPassedOn(string contentType)
    {
        TryWrite([0x22, 0xff, 0x22], contentType, PublishMetadata.None, out var envelope, out _).ShouldBeTrue();

        JsonDocument.Parse(envelope.Data).RootElement.GetProperty("data").GetString()!.ShouldContain('\ufffd');
    }

    [Fact]
    public void TryWrite_DeepJson_IsKeptAsJson()
    {
        var envelope = Wrap(new string('[', 2_000) + new string(']', 2_000), "application/json", 3_000);

        envelope.GetProperty("data").ValueKind.ShouldBe(JsonValueKind.Array);
    }

    [Fact]
    public void TryWrite_Overrides_ReplaceFieldsInAnyCase()
    {
        var metadata = new Dictionary<string, string>
        {
            ["cloudevent.ID"] = "my-id",
            ["CloudEvent.source"] = "my-source",
            ["cloudevent.type"] = "t",
            ["cloudevent.subject"] = "s",
            ["cloudevent.traceparent"] = "tp",
            ["cloudevent.traceid"] = "ti",
            ["cloudevent.tracestate"] = "ts",
            ["cloudevent.data"] = "never",
        };
        TryWrite("1"u8.ToArray(), "application/json", metadata, out var made, out _).ShouldBeTrue();
        var envelope = JsonDocument.Parse(made.Data).RootElement;

        envelope.GetProperty("id").GetString().ShouldBe("my-id");
        envelope.GetProperty("source").GetString().ShouldBe("my-source");
        envelope.GetProperty("type").GetString().ShouldBe("t");
        envelope.GetProperty("subject").GetString().ShouldBe("s");
        envelope.GetProperty("traceid").GetString().ShouldBe("tp");
        envelope.GetProperty("traceparent").GetString().ShouldBe("tp");
        envelope.GetProperty("tracestate").GetString().ShouldBe("ts");
        envelope.GetProperty("data").GetInt32().ShouldBe(1);
        (made.Source, made.Id, made.Subject).ShouldBe(("my-source", "my-id", "s"));
    }

    [Theory]
    [InlineData("ttlInSeconds", "60", 60)]
    [InlineData("TTL", "1m30s", 90)]
    [InlineData("ttl", "0s", 0)]
    [InlineData("ttl", "-5s", 0)]
    public void TryWrite_TimeToLive_BecomesExpiration(string name, string value, int seconds)
    {
        var envelope = Wrap("1", "application/json", metadata: new() { [name] = value });

        envelope.GetProperty("expiration").GetDateTimeOffset().ShouldBe(Now.AddMilliseconds(-678).AddSeconds(seconds));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("soon")]
    [InlineData("")]
    public void TryWrite_TimeToLiveThatIsNone_IsLeftOut(string value)
    {
        // 0 without a unit is a duration to Go, and so it is one here.
        Wrap("1", "application/json", metadata: new() { ["ttlInSeconds"] = value }).TryGetProperty("expiration", out _).ShouldBe(value == "0");
    }

    [Fact]
    public void TryWrite_CloudEvent_KeepsItsFieldsAndGetsDaprs()
    {
        var envelope = Wrap(
            """{"specversion":"1.0","id":"e","source":"s","type":"t","subject":"c-9","topic":"lie","pubsubname":"lie","data":{"n":12345678901234567890},"tenant":"zz"}""",
            "application/cloudevents+json");

        envelope.GetProperty("id").GetString().ShouldBe("e");
        envelope.GetProperty("topic").GetString().ShouldBe("orders");
        envelope.GetProperty("pubsubname").GetString().ShouldBe("pubsub");
        envelope.GetProperty("data").GetProperty("n").GetRawText().ShouldBe("12345678901234567890");
        envelope.GetProperty("tenant").GetString().ShouldBe("zz");
        envelope.GetProperty("traceid").GetString().ShouldBe("");
        envelope.TryGetProperty("datacontenttype", out _).ShouldBeFalse();
        Names(envelope).ShouldBeUnique();
    }

    [Fact]
    public void TryWrite_CloudEventWithoutIdAndWithNulls_GetsDefaultsButNoId()
    {
        var envelope = Wrap("""{"source":null,"data":1,"data":2}""", "application/cloudevents+json");

        envelope.TryGetProperty("id", out _).ShouldBeFalse();
        envelope.GetProperty("source").GetString().ShouldBe("Dapr");
        envelope.GetProperty("type").GetString().ShouldBe("com.dapr.event.sent");
        envelope.GetProperty("specversion").GetString().ShouldBe("1.0");
        envelope.GetProperty("data").GetInt32().ShouldBe(2);
        Names(envelope).ShouldBeUnique();
    }

    [Fact]
    public void TryWrite_CloudEventWithTraceId_KeepsItsTrace()
    {
        var envelope = Wrap("""{"traceid":"mine","traceparent":"too"}""", "application/cloudevents+json");

        envelope.GetProperty("traceid").GetString().ShouldBe("mine");
        envelope.GetProperty("traceparent").GetString().ShouldBe("too");
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("{oops")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("")]
    [InlineData("{\"a\":")]
    public void TryWrite_CloudEventThatIsNone_IsAProblem(string body)
    {
        TryWrite(Encoding.UTF8.GetBytes(body), "application/cloudevents+json", PublishMetadata.None, out _, out var problem).ShouldBeFalse();
        problem.ShouldNotBeNullOrEmpty();

        // The thread's buffer is none the worse for it.
        Wrap("1", "application/json").GetProperty("data").GetInt32().ShouldBe(1);
    }

    private static JsonElement Wrap(string body, string contentType, int depth = 64, Dictionary<string, string>? metadata = null)
    {
        TryWrite(Encoding.UTF8.GetBytes(body), contentType, metadata ?? PublishMetadata.None, out var envelope, out var problem).ShouldBeTrue(problem);
        return JsonDocument.Parse(envelope.Data, new() { MaxDepth = depth }).RootElement;
    }

    private static bool TryWrite(
        byte[] body, string contentType, IReadOnlyDictionary<string, string> metadata, out Envelope envelope, out string? problem) =>
        EnvelopeWriter.TryWrite(new(body, contentType, "app", "pubsub", "orders", "", "", metadata, Now), out envelope, out problem);

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);
}
