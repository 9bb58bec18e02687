using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json;

namespace HmsMesh.Kit;

/// <summary>Counts what arrived and what was sent, for meters and for GET /mesh/stats.</summary>
internal sealed class MeshStats : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "HmsMesh.Kit";

    private readonly ConcurrentDictionary<string, TopicCounts> _heard = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TopicCounts> _said = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _incidents = new(StringComparer.Ordinal);
    private readonly Meter _meter;
    private readonly Counter<long> _consumed;
    private readonly Counter<long> _stale;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _happened;
    private readonly Histogram<double> _age;

    public MeshStats(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _consumed = _meter.CreateCounter<long>("messaging.client.consumed.messages", "{message}", "Events that arrived, by topic and outcome.");
        _stale = _meter.CreateCounter<long>("mesh.events.stale", "{message}", "Events that were not newer than what was there.");
        _sent = _meter.CreateCounter<long>("messaging.client.sent.messages", "{message}", "Tries to hand an event to the sidecar, by topic and outcome.");
        _happened = _meter.CreateCounter<long>("mesh.incidents", "{incident}", "What must not happen, and did, by kind.");
        _age = _meter.CreateHistogram<double>("mesh.event.age", "s", "Time from saying an event to its effects being saved.");
    }

    public void Count(HandledEvent handled)
    {
        var counts = _heard.GetOrAdd(handled.Topic, static _ => new TopicCounts());
        counts.Count(handled);
        var topic = new KeyValuePair<string, object?>("messaging.destination.name", handled.Topic);
        _consumed.Add(1, topic, new KeyValuePair<string, object?>("mesh.outcome", TopicCounts.Name(handled.Outcome)));
        if (handled.IsStale)
        {
            _stale.Add(1, topic);
        }

        if (handled.Outcome == Outcome.Handled)
        {
            _age.Record(handled.Age.TotalSeconds, topic);
        }
    }

    public void CountSent(string topic, bool accepted)
    {
        _said.GetOrAdd(topic, static _ => new TopicCounts()).CountSent(accepted);
        _sent.Add(1, new KeyValuePair<string, object?>("messaging.destination.name", topic), new KeyValuePair<string, object?>("mesh.outcome", accepted ? "accepted" : "refused"));
    }

    public void CountIncidents(string kind, int number)
    {
        _incidents.AddOrUpdate(kind, static (_, more) => more, static (_, before, more) => before + more, number);
        _happened.Add(number, new KeyValuePair<string, object?>("mesh.incident", kind));
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("hears");
        foreach (var (topic, counts) in _heard.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            writer.WriteStartObject(topic);
            counts.WriteHeard(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteStartObject("says");
        foreach (var (topic, counts) in _said.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            writer.WriteStartObject(topic);
            counts.WriteSaid(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteStartObject("incidents");
        foreach (var (kind, number) in _incidents.OrderBy(i => i.Key, StringComparer.Ordinal))
        {
            writer.WriteNumber(kind, number);
        }

        writer.WriteEndObject();
    }

    public void Dispose() => _meter.Dispose();
}
