namespace HmsMesh.Testing;

/// <summary>What was awaited did not happen in time; the message says what happened instead.</summary>
public sealed class MeshTimeoutException(string message) : Exception(message);
