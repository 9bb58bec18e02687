namespace HmsMesh.Sidecar.Observability;

/// <summary>Which new traces are kept: a share of them, by their random id.</summary>
internal sealed class TraceSampler(double rate)
{
    public bool Sample() => rate >= 1 || (rate > 0 && Random.Shared.NextDouble() < rate);
}
