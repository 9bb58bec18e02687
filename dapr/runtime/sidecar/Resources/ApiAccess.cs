namespace HmsMesh.Sidecar.Resources;

/// <summary>spec.api of a Configuration: which of the API a caller may use.</summary>
internal sealed record ApiAccess(IReadOnlyList<ApiRule> Allowed, IReadOnlyList<ApiRule> Denied)
{
    public static ApiAccess Everything { get; } = new([], []);
}
