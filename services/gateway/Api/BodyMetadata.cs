namespace HmsMesh.Gateway.Api;

/// <summary>What a request's body is, for the OpenAPI document. The framework's own metadata would also choose routes by it, and an
/// unexpected type would be told as an address of nothing.</summary>
/// <param name="Type">Its shape.</param>
/// <param name="ContentTypes">As which it may come.</param>
internal sealed record BodyMetadata(Type Type, IReadOnlyList<string> ContentTypes);
