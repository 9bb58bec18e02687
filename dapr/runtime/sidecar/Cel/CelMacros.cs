namespace HmsMesh.Sidecar.Cel;

/// <summary>Which member calls are macros.</summary>
internal static class CelMacros
{
    /// <summary>The macro that this call is; null for a call of a function.</summary>
    public static CelNode? Expand(int position, CelNode receiver, string name, IReadOnlyList<CelNode> arguments)
    {
        CelMacroKind? kind = (name, arguments.Count) switch
        {
            ("all", 2) => CelMacroKind.All,
            ("exists", 2) => CelMacroKind.Exists,
            ("exists_one", 2) => CelMacroKind.ExistsOne,
            ("filter", 2) => CelMacroKind.Filter,
            ("map", 2 or 3) => CelMacroKind.Map,
            _ => null,
        };
        if (kind is null) return null;
        if (arguments[0] is not CelVariable { IsRooted: false } variable)
            throw new CelSyntaxException(arguments[0].Position, $"the first argument of {name}() is a name for the element");
        return kind == CelMacroKind.Map
            ? new CelMacro(position, CelMacroKind.Map, receiver, variable.Name, arguments.Count == 3 ? arguments[1] : null, arguments[^1])
            : new CelMacro(position, kind.Value, receiver, variable.Name, arguments[1], transform: null);
    }
}
