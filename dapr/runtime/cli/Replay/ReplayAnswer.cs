using HmsMesh.Broker;

namespace HmsMesh.Cli.Replay;

/// <summary>What `mesh replay --json` prints: what would be sent, and once it was, what became of it.</summary>
internal sealed record ReplayAnswer(
    string Topic, string PubSub, string App, bool Again, long Count, DateTimeOffset? First, DateTimeOffset? Last, IReadOnlyDictionary<string, long> Keys,
    bool Sent, IReadOnlyDictionary<string, int>? Became, IReadOnlyCollection<ReplayOutcome>? Outcomes);
