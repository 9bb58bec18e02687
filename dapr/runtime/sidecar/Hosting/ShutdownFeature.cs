using HmsMesh.Sidecar.Api;

namespace HmsMesh.Sidecar.Hosting;

/// <summary>POST /v1.0/shutdown.</summary>
internal sealed class ShutdownFeature(SidecarRuntime runtime) : ISidecarFeature
{
    public void Map(ApiRouter router) => router.Map("POST", "/v1.0/shutdown", "shutdown", call =>
    {
        // Once the answer is on its way, so that the caller gets it.
        call.Http.Response.OnCompleted(() =>
        {
            runtime.RequestShutdown(null);
            return Task.CompletedTask;
        });
        return call.AnswerAsync(204);
    });
}
