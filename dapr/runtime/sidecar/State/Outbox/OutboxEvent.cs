namespace HmsMesh.Sidecar.State.Outbox;

/// <summary>An event that a transaction says, as it will be published.</summary>
/// <param name="App">Whose transaction it was.</param>
/// <param name="Data">The whole CloudEvent.</param>
/// <param name="Key">What orders it: its subject, else the key of the state that it tells of.</param>
public sealed record OutboxEvent(string App, string PubSub, string Topic, string Id, string Source, string Key, ReadOnlyMemory<byte> Data);
