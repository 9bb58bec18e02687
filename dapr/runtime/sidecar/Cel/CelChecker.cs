namespace HmsMesh.Sidecar.Cel;

/// <summary>The names in sight while an expression is checked, and the slots that their values take.</summary>
internal sealed class CelChecker(IReadOnlyList<string> variables)
{
    private readonly List<(string Name, int Slot, CelType Type)> _locals = [];

    /// <summary>Slots that an evaluation needs.</summary>
    public int Slots { get; private set; } = variables.Count;

    /// <summary>The variable of this name: the innermost of macros, then those declared. Their types are not known.</summary>
    public bool TryResolve(string name, bool rootOnly, out int slot, out CelType type)
    {
        for (var i = rootOnly ? -1 : _locals.Count - 1; i >= 0; i--)
        {
            if (_locals[i].Name != name) continue;
            (_, slot, type) = _locals[i];
            return true;
        }

        type = CelType.Dyn;
        slot = -1;
        for (var i = 0; i < variables.Count; i++)
        {
            if (variables[i] == name) slot = i;
        }

        return slot >= 0;
    }

    /// <summary>Checks a part in which one more name is in sight.</summary>
    public (int Slot, T Result) Within<T>(string name, CelType type, Func<T> check)
    {
        var slot = Slots++;
        _locals.Add((name, slot, type));
        var result = check();
        _locals.RemoveAt(_locals.Count - 1);
        return (slot, result);
    }
}
