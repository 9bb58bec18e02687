namespace HmsMesh.Sidecar.Cel;

internal sealed class CelLiteral(int position, CelType type, CelValue value) : CelNode(position)
{
    public CelValue Value => value;

    public override CelType Check(CelChecker checker) => type;

    public override CelValue Evaluate(CelContext context) => value;
}
