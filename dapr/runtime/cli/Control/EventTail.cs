using System.Text.Json;
using System.Text.RegularExpressions;
using HmsMesh.Broker;
using HmsMesh.Cli.Supervision;

namespace HmsMesh.Cli.Control;

/// <summary>The end of the broker's log, as `mesh watch` sees it.</summary>
internal static class EventTail
{
    private static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(1);

    /// <summary>Events from now on; <paramref name="attached"/> is called once none can be missed.</summary>
    public static async IAsyncEnumerable<WatchedEvent> ReadAsync(
        MeshHost host, string pattern, Func<Task> attached, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var topics = new Regex(
            "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "$",
            RegexOptions.NonBacktracking | RegexOptions.CultureInvariant,
            MatchLimit);
        await using var lease = await host.Brokers.RentAsync(host.BrokerOptions, cancellationToken);
        var head = (await lease.Broker.StatusAsync(cancellationToken)).Head;
        await attached();
        await foreach (var stored in lease.Broker.ReadAsync(head, follow: true, cancellationToken))
        {
            if (!topics.IsMatch(stored.Topic))
                continue;
            yield return Show(stored);
        }
    }

    private static WatchedEvent Show(StoredEvent stored)
    {
        JsonElement? data = null;
        string? subject = null;
        try
        {
            using var document = JsonDocument.Parse(stored.Data);
            var envelope = document.RootElement;
            if (envelope.ValueKind is JsonValueKind.Object && envelope.TryGetProperty("specversion", out _))
            {
                data = envelope.TryGetProperty("data", out var inner) ? inner.Clone() : null;
                subject = envelope.TryGetProperty("subject", out var about) && about.ValueKind is JsonValueKind.String ? about.GetString() : null;
            }
            else
            {
                data = envelope.Clone();
            }
        }
        catch (JsonException)
        {
            // Raw bytes; there is nothing more to tell of them.
        }

        return new WatchedEvent(
            stored.Offset, stored.Time, stored.Topic, stored.Id, stored.Source ?? stored.Publisher, subject ?? stored.Key, data, stored.DeadLetter?.Cause);
    }
}
