namespace HmsMesh.Broker.Sharing.Wire;

/// <summary>A peer broke the protocol: it is cut off.</summary>
internal sealed class ProtocolException(string problem) : FormatException(problem);
