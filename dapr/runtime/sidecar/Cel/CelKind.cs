namespace HmsMesh.Sidecar.Cel;

/// <summary>The run-time type of a value; <see cref="Error"/> is a value too, so that <c>||</c> and <c>&amp;&amp;</c> can absorb it.</summary>
internal enum CelKind : byte
{
    Error,
    Null,
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    List,
    Map,
    Timestamp,
    Duration,
    Type,
}
