using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using HmsMesh.Sidecar.Api;
using HmsMesh.Sidecar.Hosting;

namespace HmsMesh.Sidecar.Observability;

/// <summary>GET /v1.0/metadata and PUT /v1.0/metadata/{key}.</summary>
internal sealed class MetadataFeature(SidecarRuntime runtime, IReadOnlyList<ISidecarFeature> features) : ISidecarFeature
{
    private const int MostAttributes = 1_000;
    private readonly ConcurrentDictionary<string, string> _extended = new(StringComparer.Ordinal);

    public void Map(ApiRouter router)
    {
        router.Map("GET", "/v1.0/metadata", "metadata", GetAsync);
        router.Map("PUT", "/v1.0/metadata/{key}", "metadata", PutAsync);
    }

    private async ValueTask PutAsync(ApiCall call)
    {
        if (await call.ReadBodyAsync().ConfigureAwait(false) is not { } body)
        {
            await call.FailAsync(new ApiFault(413, "ERR_BODY_READ", "failed to read request body: stream too large")).ConfigureAwait(false);
            return;
        }

        if (_extended.Count >= MostAttributes)
        {
            await call.FailAsync(new ApiFault(400, "ERR_METADATA_FULL", "there are a thousand attributes already")).ConfigureAwait(false);
            return;
        }

        _extended[call.Route("key")] = Encoding.UTF8.GetString(body.Span);
        await call.AnswerAsync(204).ConfigureAwait(false);
    }

    private ValueTask GetAsync(ApiCall call)
    {
        var metadata = new SidecarMetadata();
        foreach (var feature in features)
        {
            feature.Describe(metadata);
        }

        var buffer = new ArrayBufferWriter<byte>(1_024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            SidecarMetadataWriter.Write(json, runtime, metadata, _extended);
        }

        return call.AnswerAsync(200, buffer.WrittenMemory);
    }
}
