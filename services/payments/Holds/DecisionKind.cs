namespace HmsMesh.Payments.Holds;

/// <summary>What a person may decide of a held payment.</summary>
internal static class DecisionKind
{
    /// <summary>It goes on: the bank is asked for it, and told of it only where it has none.</summary>
    public const string Released = "released";

    /// <summary>It is not paid.</summary>
    public const string Rejected = "rejected";
}
