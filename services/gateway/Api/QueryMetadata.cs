namespace HmsMesh.Gateway.Api;

/// <summary>What may be asked for behind the question mark, for the OpenAPI document. The service checks it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does.</param>
internal sealed record QueryMetadata(string Name, string Description);
