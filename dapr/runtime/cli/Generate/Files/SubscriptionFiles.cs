using HmsMesh.Cli.Generate.Model;
using HmsMesh.Cli.Generate.Yaml;

namespace HmsMesh.Cli.Generate.Files;

/// <summary>One file a service with one subscription a topic, since brokers know no patterns.</summary>
internal static class SubscriptionFiles
{
    public static IEnumerable<GeneratedFile> Of(MeshModel mesh, string folder) =>
        from service in mesh.Services
        let topics = mesh.HeardBy(service)
        where topics.Count > 0
        select new GeneratedFile(
            $"{folder}/subscriptions-{service.AppId}.yaml",
            YamlText.Write([GeneratedFile.Header, $"What {service.AppId} hears."], topics.Select(topic => Subscription(service, topic))));

    private static YamlMap Subscription(ServiceModel service, string topic) => Resource.Of(
        "Subscription",
        "v2alpha1",
        $"{service.AppId}-{topic.Replace('.', '-')}",
        new YamlMap
        {
            { "pubsubname", Resource.PubSub },
            { "topic", topic },
            { "routes", new YamlMap { { "default", $"/events/{topic}" } } },
            { "deadLetterTopic", service.DeadLetterTopic },
        },
        [service.AppId]);
}
