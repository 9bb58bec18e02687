namespace HmsMesh.Kit;

/// <summary>The service cannot run as it is set up; the message names the key or the declaration.</summary>
public sealed class MeshConfigurationException(string message) : Exception(message);
