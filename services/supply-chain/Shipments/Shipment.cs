namespace HmsMesh.SupplyChain.Shipments;

/// <summary>A standing shipment of meals and where it goes now.</summary>
internal sealed record Shipment
{
    public string Id { get; init; } = "";

    public string Facility { get; init; } = "";

    public string Contents { get; init; } = "";

    public string Destination { get; init; } = "";

    public bool Diverted { get; init; }
}
