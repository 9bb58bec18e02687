using System.Text.Json;
using HmsMesh.Sidecar.Api;
using HmsMesh.Sidecar.Hosting;

namespace HmsMesh.Sidecar.Observability;

/// <summary>GET /mesh/circuits, which daprd has not: the circuit breakers that are not closed.</summary>
internal sealed class CircuitsFeature(IReadOnlyList<ISidecarFeature> features) : ISidecarFeature
{
    public const string Path = "/mesh/circuits";

    public static IReadOnlyList<OpenCircuit> Of(IReadOnlyList<ISidecarFeature> features)
    {
        var metadata = new SidecarMetadata();
        foreach (var feature in features)
        {
            feature.Describe(metadata);
        }

        return metadata.OpenCircuits;
    }

    // Of no building block, so that no list of allowed or denied APIs takes it from the supervisor; the token guards it.
    public void Map(ApiRouter router) => router.Map(
        "GET", Path, null, call => call.AnswerAsync(200, JsonSerializer.SerializeToUtf8Bytes(Of(features), CircuitsJson.Default.IReadOnlyListOpenCircuit)));
}
