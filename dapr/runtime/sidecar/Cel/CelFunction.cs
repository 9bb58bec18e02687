namespace HmsMesh.Sidecar.Cel;

/// <summary>
/// A function or operator of the standard definitions: its overloads for the checker, and what it does. Dispatch at run time is by the values'
/// types, whatever the checker knew.
/// </summary>
internal sealed class CelFunction(string name, IReadOnlyList<CelOverload> overloads, CelUnary? unary, CelBinary? binary)
{
    public string Name => name;

    public CelUnary? Unary => unary;

    public CelBinary? Binary => binary;

    /// <summary>The result's type for arguments of these types; null where no overload takes them.</summary>
    public CelType? Resolve(bool isMember, IReadOnlyList<CelType> arguments)
    {
        CelType? result = null;
        foreach (var overload in overloads)
        {
            if (overload.Resolve(isMember, arguments) is not { } type) continue;
            if (result is not null && result != type) return CelType.Dyn;
            result = type;
        }

        return result;
    }
}
