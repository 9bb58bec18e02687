namespace HmsMesh.Broker.Sharing.Wire;

/// <summary>The writer went away before it answered.</summary>
internal sealed class SessionLostException() : Exception("The writer of the broker's folder is gone.");
