namespace HmsMesh.Broker.Sharing.Client;

/// <summary>An event as the log will have it, and the one consumer that it is for, where it is a replay.</summary>
internal readonly record struct EncodedEvent(byte[] Payload, string? To);
