using System.Text;
using HmsMesh.Broker;
using HmsMesh.Sidecar.PubSub.Subscribing;

namespace HmsMesh.Sidecar.Tests.PubSub;

public class PubSubAnswerTests
{
    [Theory]
    [InlineData(200, "", VerdictKind.Handled)]
    [InlineData(204, "", VerdictKind.Handled)]
    [InlineData(201, "created", VerdictKind.Handled)]
    [InlineData(200, "fine, thanks", VerdictKind.Handled)]
    [InlineData(200, "{\"status\":", VerdictKind.Handled)]
    [InlineData(200, "[\"RETRY\"]", VerdictKind.Handled)]
    [InlineData(200, "\"RETRY\"", VerdictKind.Handled)]
    [InlineData(200, "null", VerdictKind.Handled)]
    [InlineData(200, "{}", VerdictKind.Handled)]
    [InlineData(200, """{"status":""}""", VerdictKind.Handled)]
    [InlineData(200, """{"status":5}""", VerdictKind.Handled)]
    [InlineData(200, """{"status":{"status":"RETRY"}}""", VerdictKind.Handled)]
    [InlineData(200, """{"other":{"status":"RETRY"}}""", VerdictKind.Handled)]
    [InlineData(200, """{"status":"SUCCESS"}""", VerdictKind.Handled)]
    [InlineData(200, """{"Status":"RETRY"}""", VerdictKind.Failed)]
    [InlineData(200, """{"a":[1,{}],"status":"RETRY"} rest""", VerdictKind.Failed)]
    [InlineData(200, """{"status":"DROP"}""", VerdictKind.Dropped)]
    [InlineData(200, """{"status":"drop"}""", VerdictKind.Failed)]
    [InlineData(200, """{"status":"PERHAPS"}""", VerdictKind.Failed)]
    [InlineData(302, "", VerdictKind.Failed)]
    [InlineData(400, "", VerdictKind.Failed)]
    [InlineData(404, "", VerdictKind.Dropped)]
    [InlineData(429, """{"status":"SUCCESS"}""", VerdictKind.Failed)]
    [InlineData(500, "", VerdictKind.Failed)]
    public void Read_Answer_MeansWhatDaprTakesItFor(int status, string body, VerdictKind expected) =>
        AnswerReader.Read(new(status, Encoding.UTF8.GetBytes(body))).Kind.ShouldBe(expected);

    [Theory]
    [InlineData(200, """{"status":"SUCCESS"}""", VerdictKind.AlreadyHandled)]
    [InlineData(204, "", VerdictKind.AlreadyHandled)]
    [InlineData(200, """{"status":"RETRY"}""", VerdictKind.Failed)]
    [InlineData(500, "", VerdictKind.Failed)]
    public void Read_AnswerOfWhoDidItBefore_IsAlreadyHandledWhereItIsASuccess(int status, string body, VerdictKind expected) =>
        AnswerReader.Read(new(status, Encoding.UTF8.GetBytes(body)) { Already = true }).Kind.ShouldBe(expected);

    [Fact]
    public void ReadBulk_Statuses_ByEntry()
    {
        var outcomes = AnswerReader.ReadBulk(
            """{"statuses":[{"entryId":"1","status":"SUCCESS"},{"entryId":"2","status":"RETRY"},{"entryId":"3","status":"DROP"},{"entryId":"4"},{"entryId":"5","status":"?"}]}"""u8.ToArray())!;

        outcomes.ToDictionary(pair => pair.Key, pair => pair.Value.Kind).ShouldBe(new Dictionary<string, VerdictKind>
        {
            ["1"] = VerdictKind.Handled,
            ["2"] = VerdictKind.Failed,
            ["3"] = VerdictKind.Dropped,
            ["4"] = VerdictKind.Failed,
            ["5"] = VerdictKind.Failed,
        });
        new DeliveryReply(AppOutcome.Handled, outcomes, true).For("6").Kind.ShouldBe(VerdictKind.Failed);
    }

    [Theory]
    [InlineData("fine")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"statuses":{}}""")]
    [InlineData("""{"statuses":[{"entryId":1}]}""")]
    public void ReadBulk_NoSuchAnswer_IsNull(string body) => AnswerReader.ReadBulk(Encoding.UTF8.GetBytes(body)).ShouldBeNull();

    [Theory]
    [InlineData("""{"id":"1","traceparent":"tp","traceid":"ti"}""", "tp")]
    [InlineData("""{"id":"1","traceid":"ti"}""", "ti")]
    [InlineData("""{"id":"1","traceparent":""}""", "")]
    [InlineData("""{"id":"1"}""", null)]
    [InlineData("null", null)]
    public void EventHead_Trace_IsTheTraceParentElseTheTraceId(string json, string? trace)
    {
        EventHead.TryRead(Encoding.UTF8.GetBytes(json), out var head, out var problem).ShouldBeTrue(problem);
        head.Trace.ShouldBe(trace);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("{} x")]
    [InlineData("{\"a\":1")]
    [InlineData("\u0001")]
    public void EventHead_NoJsonObject_IsAProblem(string json)
    {
        EventHead.TryRead(Encoding.UTF8.GetBytes(json), out _, out var problem).ShouldBeFalse();
        problem.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void DeliveryHeaders_Metadata_CannotChangeTheRequestItself()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1/");
        DeliveryHeaders.Add(request, "pubsub", new Dictionary<string, string>
        {
            ["color"] = "blue",
            ["dapr-api-token"] = "stolen",
            ["Host"] = "evil",
            ["transfer-encoding"] = "chunked",
            ["bad name"] = "x",
            ["lines"] = "a\r\nX-Injected: 1",
            ["pubsubName"] = "other",
            ["traceparent"] = "00",
            ["some-bin"] = "x",
            ["accent"] = "\u00e9",
        });

        request.Headers.Select(header => $"{header.Key}={string.Join(',', header.Value)}").ShouldBe(["pubsubName=pubsub", "color=blue"]);
    }
}
