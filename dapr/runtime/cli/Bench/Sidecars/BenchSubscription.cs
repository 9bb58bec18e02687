namespace HmsMesh.Cli.Bench.Sidecars;

/// <summary>An entry of what GET /dapr/subscribe answers.</summary>
internal sealed record BenchSubscription(string Topic, string Pubsubname = "pubsub", string Route = "/event");
