namespace HmsMesh.Contracts;

/// <summary>A place in a contract file that is no JSON Schema, or asks for what is not enforced here.</summary>
public sealed class SchemaException(string pointer, string message) : Exception(message)
{
    public string Pointer { get; } = pointer;
}
