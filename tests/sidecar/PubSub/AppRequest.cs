using System.Text.Json;

namespace HmsMesh.Sidecar.Tests.PubSub;

internal sealed record AppRequest(string Path, IReadOnlyDictionary<string, string> Headers, JsonElement Body, CancellationToken Aborted);
