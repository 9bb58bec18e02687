namespace HmsMesh.Sidecar;

/// <summary>--enable-app-health-check and its settings.</summary>
public sealed record AppHealthOptions
{
    public string Path { get; init; } = "/healthz";

    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(500);

    public int Threshold { get; init; } = 3;
}
