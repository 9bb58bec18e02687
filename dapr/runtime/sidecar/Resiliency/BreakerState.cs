namespace HmsMesh.Sidecar.Resiliency;

internal enum BreakerState
{
    Closed,
    Open,
    HalfOpen,
}
