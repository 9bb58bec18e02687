namespace HmsMesh.Broker.Sharing.Wire;

/// <summary>The writer went away before it answered.</summary>
internal sealed class SessionLostException() : IOException("The writer of the broker's folder is gone.");
