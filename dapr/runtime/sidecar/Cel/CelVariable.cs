namespace HmsMesh.Sidecar.Cel;

/// <summary>A name: a variable, or a type as a value.</summary>
internal sealed class CelVariable(int position, string name, bool rooted) : CelNode(position)
{
    private int _slot = -1;

    public string Name => name;

    public bool IsRooted => rooted;

    public override CelType Check(CelChecker checker)
    {
        if (checker.TryResolve(name, rooted, out _slot, out var type)) return type;
        return CelType.Names.Contains(name) ? CelType.Type : throw new CelSyntaxException(Position, $"undeclared name '{name}'");
    }

    public override CelValue Evaluate(CelContext context) => _slot >= 0 ? context.Slots[_slot] : CelValue.TypeNamed(name);
}
