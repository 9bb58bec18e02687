namespace HmsMesh.Kit;

/// <summary>Marks an endpoint that needs no app token.</summary>
internal sealed class PublicMetadata
{
    public static readonly PublicMetadata Instance = new();
}
