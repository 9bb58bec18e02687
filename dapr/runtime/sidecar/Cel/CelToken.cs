namespace HmsMesh.Sidecar.Cel;

/// <summary>One word of an expression: a name, a symbol as it is written, or a literal with its value.</summary>
internal readonly record struct CelToken(CelTokenKind Kind, int Position, string Text, byte[]? Bytes = null);
