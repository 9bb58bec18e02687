namespace HmsMesh.Documents.Storing;

/// <summary>What a citizen sends.</summary>
/// <param name="Citizen">Who.</param>
/// <param name="Key">The Idempotency-Key, where there is one.</param>
/// <param name="ContentType">What he says it is.</param>
/// <param name="Digest">The SHA-256 that he says it has.</param>
/// <param name="Body">The file.</param>
internal sealed record Upload(string Citizen, string? Key, string? ContentType, string? Digest, Stream Body);
