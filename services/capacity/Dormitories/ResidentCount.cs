namespace HmsMesh.Capacity.Dormitories;

/// <summary>The body of an admission or a discharge.</summary>
internal sealed record ResidentCount(int? Residents)
{
    /// <summary>More than any dormitory holds is a slip of the keyboard.</summary>
    public const int Most = 10_000;

    public Refusal? Fault => Residents is >= 1 and <= Most
        ? null
        : new(StatusCodes.Status400BadRequest, "Number of residents", $"\"residents\" must be a whole number from 1 to {Most}.");
}
