using System.Text;
using System.Text.Json;
using HmsMesh.Contracts;

namespace HmsMesh.Kit.Tests;

public class CloudEventTests
{
    [Fact]
    public void Write_ThenRead_IsTheSame()
    {
        var written = Events.Low("gulfport", sequence: 42) with
        {
            TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            TraceState = "a=b",
            CausationId = "cause",
            Extensions = new Dictionary<string, JsonElement> { ["replayof"] = JsonSerializer.SerializeToElement("old") },
        };

        var read = CloudEventJson.Read(CloudEventJson.Write(written)).Event!;

        CloudEventJson.Write(read).ShouldBe(CloudEventJson.Write(written));
        (read.Id, read.Source, read.Type, read.Subject, read.Sequence).ShouldBe((written.Id, "capacity", "gov.hms.beds.low.v1", "gulfport", "0000000000000000042"));
        read.Time!.Value.ShouldBe(written.Time!.Value, TimeSpan.FromMicroseconds(1));
        read.Extensions["replayof"].GetString().ShouldBe("old");
        read.Data.GetProperty("bedsFree").GetInt32().ShouldBe(4);
    }

    [Fact]
    public void Write_Time_HasMicroseconds()
    {
        var time = new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.FromHours(2)).AddMicroseconds(7);

        Encoding.UTF8.GetString(CloudEventJson.Write(Events.Low() with { Time = time })).ShouldContain("\"time\":\"2026-07-01T10:00:00.000007Z\"");
    }

    [Theory]
    [InlineData("""{"id":"1","source":"s","type":"t"}""", "/specversion")]
    [InlineData("""{"specversion":"0.3","id":"1","source":"s","type":"t"}""", "/specversion")]
    [InlineData("""{"specversion":"1.0","id":"","source":"s","type":"t"}""", "/id")]
    [InlineData("""{"specversion":"1.0","id":1,"source":"s","type":"t"}""", "/id")]
    [InlineData("""{"specversion":"1.0","id":"1","type":"t"}""", "/source")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s"}""", "/type")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"t","time":"today"}""", "/time")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"t","id":"2"}""", "")]
    [InlineData("[]", "")]
    public void Read_NoCloudEvent_NamesThePlace(string envelope, string pointer)
    {
        var (cloudEvent, fault) = CloudEventJson.Read(Encoding.UTF8.GetBytes(envelope));

        cloudEvent.ShouldBeNull();
        fault!.Pointer.ShouldBe(pointer);
    }

    [Fact]
    public void Next_Sequence_IsGreaterThanTheLastAndAtLeastTheTime()
    {
        var now = new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

        Sequence.Next(0, now).ShouldBe(Sequence.Micros(now));
        Sequence.Next(long.MaxValue - 1, now).ShouldBe(long.MaxValue);
        Sequence.Format(Sequence.Micros(now)).ShouldBe("0001782907200000000");
    }

    [Theory]
    [InlineData("claim.approved", "gov.hms.claim.approved.v1")]
    [InlineData("claim.approved.v2", "gov.hms.claim.approved.v2")]
    [InlineData("claim.v.given", "gov.hms.claim.v.given.v1")]
    [InlineData("claim.approved.v0", "gov.hms.claim.approved.v0.v1")]
    public void TypeOf_ATopic_NamesItsVersionOnce(string topic, string type) => CloudEventFactory.TypeOf(topic).ShouldBe(type);
}
