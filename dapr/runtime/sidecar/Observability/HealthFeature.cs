using HmsMesh.Sidecar.Api;
using HmsMesh.Sidecar.Hosting;

namespace HmsMesh.Sidecar.Observability;

/// <summary>GET /v1.0/healthz (the sidecar and its app are ready) and /v1.0/healthz/outbound (the API is).</summary>
internal sealed class HealthFeature(SidecarRuntime runtime) : ISidecarFeature
{
    private static readonly ApiFault NotReady = new(500, "ERR_HEALTH_NOT_READY", "dapr is not ready");
    private static readonly ApiFault NoSuchApp = new(500, "ERR_HEALTH_APPID_NOT_MATCH", "dapr app-id does not match");

    public void Map(ApiRouter router)
    {
        router.Map("GET", "/v1.0/healthz", null, AnswerAsync, traced: false, token: false);
        router.Map("GET", "/v1.0/healthz/outbound", null, static call => call.AnswerAsync(204), traced: false, token: false);
    }

    private ValueTask AnswerAsync(ApiCall call)
    {
        if (!runtime.IsReady)
        {
            return call.FailAsync(NotReady);
        }

        return call.Request.Query["appid"] is { Count: > 0 } asked && asked != runtime.Options.AppId
            ? call.FailAsync(NoSuchApp)
            : call.AnswerAsync(204);
    }
}
