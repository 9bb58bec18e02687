using System.Globalization;
using HmsMesh.Shared;

namespace HmsMesh.Cli.Chaos.Kill;

/// <summary>Who publishes, who hears, and where everything lies.</summary>
internal sealed class KillPlan
{
    public const string PubSub = "pubsub";
    public const string Topic = "orders";
    public const string Grave = "orders.dead";
    public const int LanesOfPublisher = 8;

    /// <summary>The app ids that hear, with their instances; the last hears dead letters.</summary>
    public static readonly IReadOnlyList<(string App, string Topic, int Instances)> Consumers =
        [("alpha", Topic, 1), ("beta", Topic, 3), ("gamma", Topic, 1), ("graves", Grave, 1)];

    public static readonly IReadOnlyList<string> Publishers = ["north", "south", "west"];

    public static readonly int Lanes = Publishers.Count * LanesOfPublisher;

    /// <summary>The one whose handler fails some events for good.</summary>
    public const string Failing = "beta";

    public KillPlan(string folder, int publish)
    {
        Folder = folder;
        PerLane = (publish + Lanes - 1) / Lanes;
        Publish = PerLane * Lanes;
        BadEvery = Math.Max(10, PerLane / 4);
        foreach (var sub in new[] { Resources, Published, Handled })
        {
            Directory.CreateDirectory(sub);
        }

        Ports = Publishers.ToDictionary(static app => app, _ => FreePorts.Take(), StringComparer.Ordinal);
        WriteResources();
    }

    public string Folder { get; }

    public int PerLane { get; }

    /// <summary>How many events, rounded up to what the lanes share.</summary>
    public int Publish { get; }

    /// <summary>The last of so many events of a lane is one that never succeeds.</summary>
    public int BadEvery { get; }

    /// <summary>The writer of the log is never killed.</summary>
    public bool SpareWriters { get; init; }

    /// <summary>The publishers' sidecars.</summary>
    public IReadOnlyDictionary<string, int> Ports { get; }

    public string Broker => Path.Combine(Folder, "broker");

    public string Resources => Path.Combine(Folder, "resources");

    /// <summary>A file a publisher: a line after each answer.</summary>
    public string Published => Path.Combine(Folder, "published");

    /// <summary>A file an instance: a line on disk before each answer.</summary>
    public string Handled => Path.Combine(Folder, "handled");

    public bool IsBad(int number) => IsBad(number, BadEvery);

    public static bool IsBad(int number, int every) => number % every == every - 1;

    private void WriteResources()
    {
        File.WriteAllText(Path.Combine(Resources, "pubsub.yaml"), $"""
            apiVersion: dapr.io/v1alpha1
            kind: Component
            metadata:
              name: {PubSub}
            spec:
              type: pubsub.embedded
              version: v1
              metadata:
                - {Pair("path", Broker)}
                - {Pair("deduplication", "24h")}
                - {Pair("startFrom", "earliest")}
                - {Pair("maxDeliveries", "8")}
                - {Pair("backoff", "100ms")}
                - {Pair("maxBackoff", "1s")}
                - {Pair("lease", "10s")}
            """);
        foreach (var (app, topic, _) in Consumers)
        {
            var grave = topic == Grave ? "" : $"\n  deadLetterTopic: {Grave}";
            File.WriteAllText(Path.Combine(Resources, $"{app}.yaml"), string.Create(CultureInfo.InvariantCulture, $"""
                apiVersion: dapr.io/v2alpha1
                kind: Subscription
                metadata:
                  name: {app}
                spec:
                  pubsubname: {PubSub}
                  topic: {topic}
                  routes:
                    default: /{topic}{grave}
                scopes:
                  - {app}
                """));
        }
    }

    private static string Pair(string name, string value) => $"{{name: {name}, value: '{value}'}}";
}
