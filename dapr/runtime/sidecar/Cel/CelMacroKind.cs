namespace HmsMesh.Sidecar.Cel;

internal enum CelMacroKind
{
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
}
