namespace HmsMesh.Gateway.Limits;

/// <summary>Marks an endpoint outside /api that is limited too.</summary>
internal sealed class LimitedMetadata
{
    public static readonly LimitedMetadata Instance = new();
}
