namespace HmsMesh.Kit;

/// <summary>Counts what must not happen, and did, by kind: for a meter and for GET /mesh/stats. What it was, the service logs itself.
/// From DI.</summary>
public sealed class IncidentCounts
{
    private readonly MeshStats _stats;

    internal IncidentCounts(MeshStats stats) => _stats = stats;

    /// <param name="kind">A word of the service's own, such as payment-never-approved; nothing of an event.</param>
    /// <param name="number">How many.</param>
    public void Count(string kind, int number = 1)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(kind);
        _stats.CountIncidents(kind, number);
    }
}
