namespace HmsMesh.Sidecar.Cel;

/// <summary>Why an expression is refused, and at which character. Never leaves this folder.</summary>
internal sealed class CelSyntaxException(int position, string message) : FormatException(message)
{
    public int Position { get; } = position;
}
