using System.Globalization;

namespace HmsMesh.Sidecar.Resources;

/// <summary>Where a resource was read, for messages.</summary>
public sealed record ResourceSource(string File, int Line)
{
    public override string ToString() => $"{File}:{Line.ToString(CultureInfo.InvariantCulture)}";
}
