namespace HmsMesh.Gateway.Api;

/// <summary>Marks a change: it takes an Idempotency-Key, and a browser shows X-CSRF.</summary>
/// <param name="Success">Its status where all went well.</param>
internal sealed record ChangeMetadata(int Success);
