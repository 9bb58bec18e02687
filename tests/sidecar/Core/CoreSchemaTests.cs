using System.Text.Json.Nodes;
using HmsMesh.Sidecar.Components;
using HmsMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging.Abstractions;
using NJsonSchema;

namespace HmsMesh.Sidecar.Tests.Core;

/// <summary>What the sidecar takes is what Dapr's own schemas take.</summary>
public class CoreSchemaTests
{
    private const string Everything = """
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata: {name: store, namespace: here}
        auth: {secretStore: vault}
        scopes: [app, other]
        spec:
          type: state.sqlite
          version: v1
          initTimeout: 1m30s
          ignoreErrors: true
          metadata:
          - {name: connectionString, secretKeyRef: {name: db, key: file}}
          - {name: timeout, envRef: TIMEOUT}
          - {name: disableWAL, value: true}
          - {name: busyTimeout, value: 5}
          - {name: other, value: {a: [1, "two"]}}
        ---
        apiVersion: dapr.io/v1alpha1
        kind: Subscription
        metadata: {name: one}
        scopes: [app]
        spec:
          pubsubname: pubsub
          topic: orders
          route: /orders
          deadLetterTopic: dead
          metadata: {rawPayload: "true"}
          bulkSubscribe: {enabled: true, maxMessagesCount: 10, maxAwaitDurationMs: 100}
        ---
        apiVersion: dapr.io/v2alpha1
        kind: Subscription
        metadata: {name: two}
        spec:
          pubsubname: pubsub
          topic: orders
          deadLetterTopic: dead
          metadata: {rawPayload: "true"}
          bulkSubscribe: {enabled: true, maxMessagesCount: 10, maxAwaitDurationMs: 100}
          routes:
            rules:
            - {match: event.type == "a", path: /a}
            default: /other
        ---
        apiVersion: dapr.io/v1alpha1
        kind: Resiliency
        metadata: {name: resiliency}
        spec:
          policies:
            retries: {again: {policy: constant, duration: 1s, maxRetries: 3}}
            timeouts: {short: 1s}
            circuitBreakers: {breaker: {maxRequests: 1, timeout: 10s, trip: consecutiveFailures >= 3}}
          targets:
            components: {pubsub: {inbound: {retry: again, timeout: short, circuitBreaker: breaker}}}
        ---
        apiVersion: dapr.io/v1alpha1
        kind: HTTPEndpoint
        metadata: {name: bank}
        spec:
          baseUrl: http://127.0.0.1:1
        """;

    private const string Configuration = """
        apiVersion: dapr.io/v1alpha1
        kind: Configuration
        metadata: {name: config}
        spec:
          tracing: {samplingRate: "1"}
          api:
            allowed: [{name: publish, version: v1, protocol: http}]
            denied: [{name: state, version: v1.0, protocol: grpc}]
          secrets:
            scopes: [{storeName: vault, defaultAccess: deny, allowedSecrets: [a], deniedSecrets: [b]}]
        """;

    [Theory]
    [InlineData(Everything)]
    [InlineData(Configuration)]
    public async Task Examples_OfWhatWeTake_AreValidForDapr(string text)
    {
        using var folder = new Folder(new() { ["all.yaml"] = text });
        var documents = new ResourceFiles(NullLogger.Instance).Read(folder.At("all.yaml"));
        documents.ShouldNotBeEmpty();
        foreach (var document in documents)
        {
            var version = document.ApiVersion["dapr.io/".Length..];
            var schema = await JsonSchema.FromFileAsync(TestData.Path($"schemas/{document.Kind}.{version}.json"), CoreHost.Token);
            schema.Validate(document.Root.Json()).ShouldBeEmpty($"{document.Kind} {document.Name}");
        }
    }

    [Fact]
    public void Load_EveryFieldOfTheSchemas_IsRead()
    {
        using var folder = new Folder(new() { ["all.yaml"] = Everything, ["config.yml"] = Configuration });
        var options = new SidecarOptions { AppId = "app", ResourcesPaths = [folder.Path], ConfigPaths = [folder.At("config.yml")], Namespace = "here" };
        var set = new ResourceLoader(options, NullLogger.Instance).Load();

        var component = set.Components.ShouldHaveSingleItem();
        (component.Name, component.Type, component.SecretStore, component.IgnoreErrors, component.InitTimeout)
            .ShouldBe(("store", "state.sqlite", "vault", true, TimeSpan.FromSeconds(90)));
        component.Items.Select(static item => item with { Source = null }).ShouldBe(
        [
            new MetadataItem("connectionString", null, "db", "file", null),
            new MetadataItem("timeout", null, null, null, "TIMEOUT"),
            new MetadataItem("disableWAL", "true", null, null, null),
            new MetadataItem("busyTimeout", "5", null, null, null),
            new MetadataItem("other", """{"a":[1,"two"]}""", null, null, null),
        ]);

        set.Subscriptions.Count.ShouldBe(2);
        foreach (var subscription in set.Subscriptions)
        {
            (subscription.PubSub, subscription.Topic, subscription.DeadLetterTopic, subscription.Metadata["rawPayload"]).ShouldBe(("pubsub", "orders", "dead", "true"));
            subscription.Bulk.ShouldBe(new BulkSubscribeOptions(true, 10, TimeSpan.FromMilliseconds(100)));
        }

        set.Subscriptions[0].DefaultPath.ShouldBe("/orders");
        set.Subscriptions[1].Rules.Select(static rule => rule with { Source = null }).ShouldBe([new SubscriptionRule("event.type == \"a\"", "/a")]);
        set.Subscriptions[1].DefaultPath.ShouldBe("/other");
        set.Resiliencies.ShouldHaveSingleItem().Spec.Map("policies").ShouldNotBeNull();
        set.HttpEndpoints.ShouldHaveSingleItem().Spec.Text("baseUrl").ShouldBe("http://127.0.0.1:1");
        set.Configuration.SamplingRate.ShouldBe(1);
        set.Configuration.Api.Allowed.ShouldBe([new ApiRule("publish", "v1", "http")]);
        set.Configuration.Api.Denied.ShouldBe([new ApiRule("state", "v1.0", "grpc")]);
        set.Configuration.SecretScopes.ShouldHaveSingleItem().Allows("b").ShouldBeFalse();
    }

    [Fact]
    public void Types_WeHave_KnowTheMetadataThatDaprDocuments()
    {
        var documented = JsonNode.Parse(File.ReadAllText(TestData.Path("components.json")))!.AsObject();
        foreach (var (type, description) in documented)
        {
            var factory = BuiltInComponents.All.Single(factory => factory.Type == type);
            var names = description!["metadata"]!.AsArray()
                .Concat(description["authenticationProfiles"]?.AsArray().SelectMany(static profile => profile!["metadata"]!.AsArray()) ?? [])
                .Select(static field => field!["name"]!.GetValue<string>());
            foreach (var name in names)
            {
                factory.MetadataNames.ShouldContain(name, $"{type} doesn't know {name}");
            }
        }
    }
}
