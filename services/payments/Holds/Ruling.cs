namespace HmsMesh.Payments.Holds;

/// <summary>What became of an order: the decision that stands, or why there is none.</summary>
internal sealed record Ruling(Decision? Decision, Refusal? Refusal)
{
    public static implicit operator Ruling(Decision decision) => new(decision, null);

    public static implicit operator Ruling(Refusal refusal) => new(null, refusal);
}
