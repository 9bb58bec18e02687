namespace HmsMesh.Kit;

/// <summary>The database cannot be brought to the form that this program needs.</summary>
public sealed class MigrationException(string message, Exception? inner = null) : Exception(message, inner);
