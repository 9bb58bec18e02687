using System.Globalization;
using System.Text.Json;
using HmsMesh.Broker;
using HmsMesh.Cli.Data;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Cli.Chaos.Payout;

/// <summary>The events of claims and payments in the broker's log, read after the mesh has ended.</summary>
internal sealed record EventBook
{
    private static readonly string[] Topics = ["claim.submitted", "claim.approved", "claim.denied", "payment.sent", "payment.failed"];

    /// <summary>Each once, by topic; what the log has twice under one id is one.</summary>
    public required ILookup<string, SaidEvent> ByTopic { get; init; }

    public required IReadOnlyList<string> DeadLetters { get; init; }

    /// <summary>Why the log could not be read to its end.</summary>
    public string? Fault { get; init; }

    public static async Task<EventBook> ReadAsync(DataFolder data, TimeProvider time, CancellationToken cancellationToken)
    {
        var events = new List<SaidEvent>();
        var dead = new List<string>();
        string? fault = null;
        try
        {
            await using var broker = await EventBroker.OpenAsync(
                new BrokerOptions { Path = Path.Combine(data.Path, "broker"), Time = time }, NullLogger.Instance, cancellationToken);
            await foreach (var one in broker.ReadAsync(0, follow: false, cancellationToken))
            {
                if (one.DeadLetter is { } letter)
                    dead.Add($"{one.Topic} {one.Id} of {letter.Topic}, given up by {letter.Consumer} after {letter.Tries} tries: {letter.Cause}");
                else if (Topics.Contains(one.Topic))
                    events.Add(Event(one));
            }
        }
        catch (BrokerException problem)
        {
            fault = $"after {events.Count} events the log can't be read: {problem.Message}";
        }

        return new EventBook
        {
            ByTopic = events.DistinctBy(static one => (one.Topic, one.Source, one.Id)).ToLookup(static one => one.Topic, StringComparer.Ordinal),
            DeadLetters = dead,
            Fault = fault,
        };
    }

    private static SaidEvent Event(StoredEvent stored)
    {
        using var json = JsonDocument.Parse(stored.Data);
        var envelope = json.RootElement;
        var data = envelope.GetProperty("data");
        return new SaidEvent(
            stored.Topic,
            Text(envelope, "source"),
            Text(envelope, "id"),
            Text(data, "claimId"),
            Text(data, "citizen"),
            data.TryGetProperty("amount", out var amount) ? amount.GetDecimal() : null,
            DateTimeOffset.Parse(Text(envelope, "time"), CultureInfo.InvariantCulture).ToUnixTimeMilliseconds());
    }

    private static string Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
}
