using HmsMesh.Sidecar.Api;
using HmsMesh.Sidecar.Hosting;

namespace HmsMesh.Sidecar.Invocation;

/// <summary>Takes what no other route takes: to daprd that is a call of another app, named in the header dapr-app-id.</summary>
internal sealed class InvocationFeature : ISidecarFeature
{
    private static readonly ApiFault s_noApp =
        new(404, "ERR_DIRECT_INVOKE", "failed getting app id either from the URL path or the header dapr-app-id");

    public void Map(ApiRouter router) => router.MapFallback("invoke", static call => call.FailAsync(s_noApp));
}
