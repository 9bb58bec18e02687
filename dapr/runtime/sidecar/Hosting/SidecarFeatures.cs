using HmsMesh.Sidecar.AppChannel;
using HmsMesh.Sidecar.Invocation;
using HmsMesh.Sidecar.Observability;
using HmsMesh.Sidecar.PubSub;
using HmsMesh.Sidecar.Secrets;
using HmsMesh.Sidecar.State;

namespace HmsMesh.Sidecar.Hosting;

/// <summary>The features of a sidecar, in the order in which they start; they stop in the reverse order.</summary>
internal static class SidecarFeatures
{
    public static IReadOnlyList<ISidecarFeature> Create(SidecarRuntime runtime)
    {
        var app = new AppClient(runtime.Options);
        var health = new AppHealth(runtime, app);
        var pubSub = new PubSubFeature(runtime, app, health);
        List<ISidecarFeature> features =
        [
            new HealthFeature(runtime),
            new ShutdownFeature(runtime),
            pubSub,
            new SecretsFeature(runtime),
            new StateFeature(runtime, pubSub.Directory),
            new InvocationFeature(runtime, app, health, pubSub.Directory),
        ];
        features.Add(new MetadataFeature(runtime, features));
        features.Add(new CircuitsFeature(features));
        return features;
    }
}
