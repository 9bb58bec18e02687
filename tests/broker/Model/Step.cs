namespace HmsMesh.Broker.Tests.Model;

/// <summary>One thing that happens to a broker; what the numbers mean is the kind's.</summary>
public sealed record Step(StepKind Kind, int A, int B)
{
    public override string ToString() => $"{Kind}({A},{B})";
}
