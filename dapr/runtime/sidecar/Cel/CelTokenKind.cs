namespace HmsMesh.Sidecar.Cel;

internal enum CelTokenKind
{
    End,
    Name,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    Symbol,
}
