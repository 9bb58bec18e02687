using HmsMesh.Sidecar.Api;

namespace HmsMesh.Sidecar.Hosting;

/// <summary>POST /v1.0/shutdown; and, which daprd has not, POST /mesh/deliveries/stop: it answers once no delivery is under way and
/// none begins any more. Whoever ends an app asks for it first, so that no event spends a try on an app that goes.</summary>
internal sealed class ShutdownFeature(SidecarRuntime runtime) : ISidecarFeature
{
    public const string StopDeliveries = "/mesh/deliveries/stop";
    private const string ApiName = "shutdown";

    public void Map(ApiRouter router)
    {
        router.Map("POST", "/v1.0/shutdown", ApiName, call =>
        {
            // Once the answer is on its way, so that the caller gets it.
            call.Http.Response.OnCompleted(() =>
            {
                runtime.RequestShutdown(null);
                return Task.CompletedTask;
            });
            return call.AnswerAsync(204);
        });

        // Of no building block, so that no list of allowed or denied APIs takes it from the supervisor; the token guards it.
        router.Map("POST", StopDeliveries, null, async call =>
        {
            await runtime.StopDeliveries(call.Http.RequestAborted).ConfigureAwait(false);
            await call.AnswerAsync(204).ConfigureAwait(false);
        });
    }
}
