namespace HmsMesh.Sidecar.Api;

/// <param name="Name">What an api allow list calls the building block, such as publish; null: never denied.</param>
/// <param name="Version">Such as v1.0.</param>
/// <param name="Traced">Whether a call gets a span, and its answer a traceparent header.</param>
/// <param name="Token">Whether the API token is asked for.</param>
internal sealed record ApiRoute(string Method, string Pattern, ApiHandler Handler, string? Name, string Version, bool Traced = true, bool Token = true);
