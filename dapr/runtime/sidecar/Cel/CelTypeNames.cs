namespace HmsMesh.Sidecar.Cel;

internal static class CelTypeNames
{
    /// <summary>A value's type, as <c>type()</c> and messages name it.</summary>
    public static string Of(in CelValue value) => value.Kind switch
    {
        CelKind.Null => "null_type",
        CelKind.Bool => "bool",
        CelKind.Int => "int",
        CelKind.Uint => "uint",
        CelKind.Double => "double",
        CelKind.String => "string",
        CelKind.Bytes => "bytes",
        CelKind.List => "list",
        CelKind.Map => "map",
        CelKind.Timestamp => "google.protobuf.Timestamp",
        CelKind.Duration => "google.protobuf.Duration",
        CelKind.Type => "type",
        _ => "error",
    };
}
