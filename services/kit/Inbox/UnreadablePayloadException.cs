namespace HmsMesh.Kit;

/// <summary>A payload that keeps to its contract and doesn't fit the record that the service reads it by. No further try would read it.</summary>
public sealed class UnreadablePayloadException(string message, Exception? inner) : Exception(message, inner);
