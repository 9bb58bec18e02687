using HmsMesh.Capacity.Dormitories;

namespace HmsMesh.Capacity.Answers;

/// <summary>What a caller asked for, and the key by which he may ask again.</summary>
internal sealed record Request(string Text, string? Key)
{
    public const int LongestKey = 200;

    public Refusal? Fault => Key is null or { Length: > 0 and <= LongestKey }
        ? null
        : new(StatusCodes.Status400BadRequest, "Idempotency-Key", $"An Idempotency-Key has 1 to {LongestKey} characters.");
}
