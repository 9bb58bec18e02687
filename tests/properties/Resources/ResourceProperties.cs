using FsCheck;
using FsCheck.Fluent;
using HmsMesh.Properties.Tests.Support;
using HmsMesh.Sidecar;
using HmsMesh.Sidecar.PubSub.Subscribing;
using HmsMesh.Sidecar.Resiliency;
using HmsMesh.Sidecar.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Properties.Tests.Resources;

/// <summary>Whatever lies in a resource folder, the sidecar has resources or a sentence, and the same ones each time.</summary>
public class ResourceProperties
{
    private static readonly Gen<string> Scalars = Gen.Frequency(
        (6, Texts.Word("a", "app", "1", "5s", "true", "false", "3", "exponential", "constant", "/orders", "pubsub", "state.in-memory", "pubsub.in-memory", "v1", "dapr.io/v1alpha1", "event.type == 'a'")),
        (1, Texts.Huge));

    private static readonly string[] Names =
    [
        "apiVersion", "kind", "metadata", "name", "namespace", "spec", "type", "version", "value", "secretKeyRef", "key", "scopes", "auth", "secretStore", "ignoreErrors", "initTimeout",
        "pubsubname", "topic", "route", "routes", "rules", "match", "path", "default", "deadLetterTopic", "bulkSubscribe", "enabled", "maxMessagesCount", "maxAwaitDurationMs",
        "policies", "timeouts", "retries", "policy", "duration", "maxRetries", "maxInterval", "circuitBreakers", "trip", "maxRequests", "interval", "timeout", "targets", "apps", "components",
        "inbound", "outbound", "retry", "circuitBreaker", "baseUrl", "headers", "clientTLS", "tracing", "samplingRate", "zipkin", "endpointAddress", "api", "allowed", "denied", "secrets",
        "defaultAccess", "allowedSecrets", "deniedSecrets", "matching", "httpStatusCodes",
    ];

    private static readonly Gen<string> Trees = Gen.Sized(static size => Tree(Math.Min(5, 1 + (size / 10))));

    /// <summary>A resource of a kind, with a random spec.</summary>
    private static readonly Gen<string> Made =
        from kind in Gen.Elements("Component", "Subscription", "Resiliency", "Configuration", "HTTPEndpoint", "Else")
        from version in Gen.Elements("dapr.io/v1alpha1", "dapr.io/v2alpha1", "other/v1")
        from metadata in Gen.Frequency((3, Gen.Constant("{name: one}")), (1, Trees))
        from spec in Gen.Frequency((5, Tree(3)), (3, Likely(kind)))
        from scopes in Gen.Elements("", "\nscopes: [app]", "\nscopes: {a: b}", "\nscopes: [[a]]")
        select $"apiVersion: {version}\nkind: {kind}\nmetadata: {metadata}\nspec: {spec}{scopes}\n";

    private static readonly Gen<byte[]> Files = Gen.Frequency(
        (5, Texts.Mutated(Made)),
        (3, Texts.Mutated(Made.ListOf(3).Select(static parts => string.Join("---\n", parts)))),
        (1, Texts.Mutated(Trees)),
        (1, Texts.Noise),
        (1, Texts.Mutated(Gen.Elements(Real))));

    private static IEnumerable<string> Real =>
        Directory.EnumerateFiles(Path.Combine(Repository, "components", "embedded"), "*.yaml")
            .Concat(Directory.EnumerateFiles(Path.Combine(Repository, "dapr"), "*.yaml")).Select(File.ReadAllText);

    private static string Repository => typeof(ResourceProperties).Assembly.GetCustomAttributes(false)
        .OfType<System.Reflection.AssemblyMetadataAttribute>().First(static one => one.Key == "RepositoryRoot").Value!;

    [Fact]
    public void Load_AnyFile_IsResourcesOrASentence() => Holds.ForAll(
        from file in Files from refuses in Gen.Elements(true, false) select (file, refuses),
        static given =>
        {
            var folder = Directory.CreateTempSubdirectory("properties-");
            try
            {
                File.WriteAllBytes(Path.Combine(folder.FullName, "one.yaml"), given.file);
                var first = Load(folder.FullName, given.refuses);
                Load(folder.FullName, given.refuses).ShouldBe(first);
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        },
        400);

    [Fact]
    public void Load_AnyConfiguration_IsOneOrASentence() => Holds.ForAll(
        Texts.Mutated(from spec in Gen.OneOf(Tree(3), Likely("Configuration")) select $"apiVersion: dapr.io/v1alpha1\nkind: Configuration\nmetadata: {{name: c}}\nspec: {spec}\n"),
        static file =>
        {
            var folder = Directory.CreateTempSubdirectory("properties-");
            try
            {
                var path = Path.Combine(folder.FullName, "config.yaml");
                File.WriteAllBytes(path, file);
                Said(() => new ResourceLoader(Options(folder.FullName, false) with { ResourcesPaths = [], ConfigPaths = [path] }, NullLogger.Instance).Load());
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        },
        250);

    private static Gen<string> Tree(int depth) => depth == 0
        ? Scalars.Select(JsonTexts.Quote)
        : Gen.Frequency(
            (3, Scalars.Select(JsonTexts.Quote)),
            (1, Texts.Word("~", "5", "1.5", "true", "*a", "&a x", "!!int x", "|", "!!binary x")),
            (4, Map(depth)),
            (2, Tree(depth - 1).ListOf(3).Select(static items => $"[{string.Join(", ", items)}]")));

    private static Gen<string> Map(int depth) =>
        from count in Gen.Choose(0, 5)
        from anchor in Gen.Elements("", "", "", "&a ", "&b ")
        from pairs in (from name in Gen.Elements(Names) from value in Tree(depth - 1) select (name, value)).ListOf(count)
        select anchor + "{" + string.Join(", ", pairs.DistinctBy(static one => one.name).Select(static one => $"{one.name}: {one.value}")) + "}";

    /// <summary>A spec that has the form, with values that may not fit.</summary>
    private static Gen<string> Likely(string kind) =>
        from a in Scalars.Select(JsonTexts.Quote)
        from b in Scalars.Select(JsonTexts.Quote)
        from c in Scalars.Select(JsonTexts.Quote)
        select kind switch
        {
            "Component" => $"{{type: {a}, version: v1, metadata: [{{name: {b}, value: {c}}}, {{name: x, secretKeyRef: {{name: {a}, key: {c}}}}}]}}",
            "Subscription" => $"{{pubsubname: pubsub, topic: {a}, route: {b}, routes: {{rules: [{{match: {c}, path: /a}}], default: {b}}}, bulkSubscribe: {{enabled: {a}, maxMessagesCount: {b}}}}}",
            "Resiliency" => $"{{policies: {{timeouts: {{t: {a}}}, retries: {{r: {{policy: {b}, duration: {c}, maxRetries: {a}}}}}, circuitBreakers: {{c: {{trip: {b}, timeout: {a}, maxRequests: {c}}}}}}}, targets: {{apps: {{x: {{timeout: t, retry: {a}}}}}}}}}",
            "Configuration" => $"{{tracing: {{samplingRate: {a}, zipkin: {{endpointAddress: {b}}}}}, api: {{allowed: [{{name: {a}, version: {b}}}]}}, secrets: {{scopes: [{{storeName: {a}, defaultAccess: {c}}}]}}}}",
            _ => $"{{baseUrl: {a}, headers: [{{name: {b}, value: {c}}}], clientTLS: {{rootCA: {{value: {a}}}}}}}",
        };

    private static SidecarOptions Options(string folder, bool refuses) => new() { AppId = "app", ResourcesPaths = [folder], RefuseBrokenResources = refuses };

    /// <summary>What was loaded, as a text.</summary>
    private static string Load(string folder, bool refuses) => Said(() =>
    {
        var set = new ResourceLoader(Options(folder, refuses), NullLogger.Instance).Load();
        var said = set.Components.Select(static one => $"component {one.Name} {one.Type}")
            .Concat(set.Subscriptions.Select(static one =>
                $"subscription {one.Topic} {EventRoutes.TryCreate(one, static path => new Uri("http://localhost/" + Uri.EscapeDataString(path)), out _, out var problem)} {problem}"))
            .Concat(set.Resiliencies.Select(static one => $"resiliency {one.Name} {Said(() => ResiliencyReader.Read(one.Spec).Retries.Count)}"))
            .Concat(set.HttpEndpoints.Select(static one => $"endpoint {one.Name}"));
        return string.Join('\n', said);
    });

    private static string Said(Func<object> load)
    {
        try
        {
            return load().ToString()!;
        }
        catch (SidecarException sentence)
        {
            sentence.Message.ShouldNotBeNullOrWhiteSpace();
            return sentence.Message;
        }
    }
}
