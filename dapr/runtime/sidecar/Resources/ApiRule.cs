namespace HmsMesh.Sidecar.Resources;

/// <param name="Name">Such as publish or state.</param>
/// <param name="Version">Such as v1.0; v1 is the same.</param>
/// <param name="Protocol">http or grpc.</param>
internal sealed record ApiRule(string Name, string Version, string Protocol);
