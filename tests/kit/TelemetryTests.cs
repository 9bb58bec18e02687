using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace HmsMesh.Kit.Tests;

public class TelemetryTests
{
    [Fact]
    public async Task Spans_EndpointIsSet_ArriveThereByMessagingNames()
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.Sqlite);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var collector = await RecordingSidecar.StartAsync();
        await using (var service = await RunningService.StartAsync(
            database, sidecar.Endpoint, $"--OTEL_EXPORTER_OTLP_ENDPOINT={collector.Endpoint}", "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf"))
        {
            await service.DeliverAsync(Events.Low() with { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" });
            await sidecar.WaitForAsync(1);
        }

        var spans = string.Concat(collector.Requests.Where(r => r.Path == "/v1/traces").Select(r => r.Body));
        spans.ShouldContain("process beds.low");
        spans.ShouldContain("publish shift.scheduled");
        spans.ShouldContain("messaging.destination.name");
    }

    [Fact]
    public async Task Meter_DuplicatesAndStaleEvents_AreCounted()
    {
        var counts = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == "HmsMesh.Kit")
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var outcome = tags.ToArray().FirstOrDefault(t => t.Key == "mesh.outcome").Value;
            counts.AddOrUpdate($"{instrument.Name} {outcome}".TrimEnd(), value, (_, sum) => sum + value);
        });
        listener.Start();
        await using var database = await TestDatabase.CreateAsync(TestDatabase.Sqlite);
        await using var sidecar = await RecordingSidecar.StartAsync();
        await using var service = await RunningService.StartAsync(database, sidecar.Endpoint);
        var low = Events.Low(sequence: 200);

        await service.DeliverAsync(low);
        await service.DeliverAsync(low);
        await service.DeliverAsync(Events.Low(sequence: 100));

        // Other tests of this process count in the same meter.
        counts["messaging.client.consumed.messages duplicate"].ShouldBeGreaterThanOrEqualTo(1);
        counts["messaging.client.consumed.messages handled"].ShouldBeGreaterThanOrEqualTo(2);
        counts["mesh.events.stale"].ShouldBeGreaterThanOrEqualTo(1);
    }
}
