using System.Globalization;
using System.Text.Json;
using HmsMesh.Sidecar.Hosting;

namespace HmsMesh.Sidecar.Observability;

/// <summary>The body of GET /v1.0/metadata.</summary>
internal static class SidecarMetadataWriter
{
    /// <summary>The version of daprd whose behaviour this sidecar has.</summary>
    private const string DaprVersion = "1.18.3";

    public static void Write(Utf8JsonWriter json, SidecarRuntime runtime, SidecarMetadata metadata, IEnumerable<KeyValuePair<string, string>> extended)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, runtime.Options.AppId);
        json.WriteString("runtimeVersion"u8, DaprVersion);
        WriteComponents(json, runtime);
        json.WriteStartObject("extended"u8);
        foreach (var (name, value) in extended)
        {
            json.WriteString(name, value);
        }

        json.WriteString("daprRuntimeVersion"u8, DaprVersion);
        json.WriteEndObject();
        WriteSubscriptions(json, metadata);
        WriteEndpoints(json, metadata);
        WriteApp(json, runtime.Options, metadata);
        json.WriteEndObject();
    }

    private static void WriteComponents(Utf8JsonWriter json, SidecarRuntime runtime)
    {
        if (runtime.Components.All is not { Count: > 0 } components)
        {
            return;
        }

        json.WriteStartArray("components"u8);
        foreach (var (resource, instance) in components)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, resource.Name);
            json.WriteString("type"u8, resource.Type);
            json.WriteString("version"u8, resource.Version);
            json.WriteStartArray("capabilities"u8);
            foreach (var capability in instance.Capabilities)
            {
                json.WriteStringValue(capability);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteSubscriptions(Utf8JsonWriter json, SidecarMetadata metadata)
    {
        if (metadata.Subscriptions.Count == 0)
        {
            return;
        }

        json.WriteStartArray("subscriptions"u8);
        foreach (var subscription in metadata.Subscriptions)
        {
            json.WriteStartObject();
            json.WriteString("pubsubname"u8, subscription.PubSub);
            json.WriteString("topic"u8, subscription.Topic);
            if (subscription.Metadata.Count > 0)
            {
                json.WriteStartObject("metadata"u8);
                foreach (var (name, value) in subscription.Metadata)
                {
                    json.WriteString(name, value);
                }

                json.WriteEndObject();
            }

            json.WriteStartArray("rules"u8);
            foreach (var rule in subscription.Rules)
            {
                json.WriteStartObject();
                if (rule.Match.Length > 0)
                {
                    json.WriteString("match"u8, rule.Match);
                }

                json.WriteString("path"u8, rule.Path);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("deadLetterTopic"u8, subscription.DeadLetterTopic);
            json.WriteString("type"u8, subscription.Type);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteEndpoints(Utf8JsonWriter json, SidecarMetadata metadata)
    {
        if (metadata.HttpEndpoints.Count == 0)
        {
            return;
        }

        json.WriteStartArray("httpEndpoints"u8);
        foreach (var name in metadata.HttpEndpoints)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteApp(Utf8JsonWriter json, SidecarOptions options, SidecarMetadata metadata)
    {
        json.WriteStartObject("appConnectionProperties"u8);
        if (options.AppPort is { } port)
        {
            json.WriteNumber("port"u8, port);
        }

        json.WriteString("protocol"u8, options.AppProtocol);
        json.WriteString("channelAddress"u8, options.AppChannelAddress);
        if (options.AppMaxConcurrency > 0)
        {
            json.WriteNumber("maxConcurrency"u8, options.AppMaxConcurrency);
        }

        if (metadata.AppHealth is { } health)
        {
            json.WriteStartObject("health"u8);
            json.WriteString("healthCheckPath"u8, health.Path);
            json.WriteString("healthProbeInterval"u8, Go(health.Interval));
            json.WriteString("healthProbeTimeout"u8, Go(health.Timeout));
            json.WriteNumber("healthThreshold"u8, health.Threshold);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static string Go(TimeSpan duration) => duration.TotalSeconds >= 1
        ? $"{duration.TotalSeconds.ToString(CultureInfo.InvariantCulture)}s"
        : $"{duration.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)}ms";
}
