namespace HmsMesh.Journey.Stream;

/// <summary>What a page is told of one claim.</summary>
internal sealed record ClaimMessage(string ClaimId, string Status, string At);
