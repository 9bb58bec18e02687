namespace HmsMesh.Sidecar;

/// <summary>A circuit breaker of a sidecar that is not closed.</summary>
/// <param name="Policy">Its name in the YAML.</param>
/// <param name="Target">What it keeps calls or deliveries from: such as `component pubsub inbound`, or an app and its path.</param>
/// <param name="Since">When it opened, and has not closed since.</param>
/// <param name="OnTrial">Its time is over: one try may pass, or is under way, and decides.</param>
public sealed record OpenCircuit(string Policy, string Target, DateTimeOffset Since, bool OnTrial);
