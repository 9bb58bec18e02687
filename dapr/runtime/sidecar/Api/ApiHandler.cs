namespace HmsMesh.Sidecar.Api;

/// <summary>Answers one call of the API.</summary>
internal delegate ValueTask ApiHandler(ApiCall call);
