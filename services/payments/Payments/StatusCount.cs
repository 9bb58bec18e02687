namespace HmsMesh.Payments.Payments;

/// <summary>How many payments have a status.</summary>
internal sealed record StatusCount
{
    public string Status { get; init; } = "";

    public long Count { get; init; }
}
