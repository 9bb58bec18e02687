using System.Text;
using HmsMesh.Contracts;

namespace HmsMesh.Kit.Tests;

/// <summary>A request that reached the recording sidecar.</summary>
internal sealed record Recorded(string Path, string? ContentType, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public int Status { get; set; }

    public CloudEvent Event => CloudEventJson.Read(Encoding.UTF8.GetBytes(Body)).Event ?? throw new InvalidOperationException(Body);
}
