using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NJsonSchema;

namespace HmsMesh.Cli.Tests.Generate;

/// <summary>What generate writes is what Dapr reads: its resources' schemas, its components' metadata, the fields of its run file.</summary>
public partial class DaprFormatTests
{
    // Every pub/sub component knows these beside its own.
    private static readonly string[] PubSubMetadata = ["allowedTopics", "protectedTopics", "publishingScopes", "subscriptionScopes", "consumerID"];

    public static TheoryData<string> Resources =>
    [
        .. Directory.GetFiles(Path.Combine(Repository.Root, "components"), "*.yaml", SearchOption.AllDirectories)
            .Append(Path.Combine(Repository.Root, "dapr", "config.yaml"))
            .Append(Path.Combine(Repository.Root, "dapr", "resiliency.yaml"))
            .Select(path => Path.GetRelativePath(Repository.Root, path)),
    ];

    [Theory]
    [MemberData(nameof(Resources))]
    public async Task Resource_AgainstItsSchema_IsValidAndHoldsNothingElse(string file)
    {
        var documents = Yaml.Documents(await File.ReadAllTextAsync(Path.Combine(Repository.Root, file), TestContext.Current.CancellationToken));
        documents.ShouldNotBeEmpty();
        foreach (var document in documents)
        {
            var resource = Yaml.Json(document)!;
            var (kind, version) = ((string)resource["kind"]!, ((string)resource["apiVersion"]!).Split('/')[1]);
            var schema = JsonNode.Parse(await File.ReadAllTextAsync(Repository.DaprData($"schemas/{kind}.{version}.json"), TestContext.Current.CancellationToken))!;
            Close(schema);

            var faults = (await JsonSchema.FromJsonAsync(schema.ToJsonString(), TestContext.Current.CancellationToken)).Validate(resource.ToJsonString());

            faults.Select(fault => fault.ToString()).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Component_MisspeltField_IsFoundByTheSchema()
    {
        var resource = Yaml.Json(Yaml.Documents(await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "components/redis/pubsub.yaml"), TestContext.Current.CancellationToken)).Single())!;
        resource["spec"]!["initTimeOut"] = "5s";
        var schema = JsonNode.Parse(await File.ReadAllTextAsync(Repository.DaprData("schemas/Component.v1alpha1.json"), TestContext.Current.CancellationToken))!;
        Close(schema);

        var faults = (await JsonSchema.FromJsonAsync(schema.ToJsonString(), TestContext.Current.CancellationToken)).Validate(resource.ToJsonString());

        faults.ShouldHaveSingleItem().Property.ShouldBe("initTimeOut");
    }

    [Theory]
    [InlineData("pubsub")]
    [InlineData("statestore")]
    [InlineData("secretstore")]
    public async Task RedisComponent_Metadata_IsWhatTheComponentKnows(string name)
    {
        var component = Yaml.Json(Yaml.Documents(await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, $"components/redis/{name}.yaml"), TestContext.Current.CancellationToken)).Single())!["spec"]!;
        var type = (string)component["type"]!;
        var known = JsonNode.Parse(await File.ReadAllTextAsync(Repository.DaprData("components.json"), TestContext.Current.CancellationToken))![type]!;
        var fields = known["metadata"]!.AsArray()
            .Concat(known["authenticationProfiles"]?.AsArray().SelectMany(profile => profile!["metadata"]!.AsArray()) ?? [])
            .ToDictionary(field => (string)field!["name"]!, field => field!);
        var given = component["metadata"]!.AsArray().ToDictionary(entry => (string)entry!["name"]!, entry => (string?)entry!["value"]);

        foreach (var (field, value) in given.Where(entry => name != "pubsub" || !PubSubMetadata.Contains(entry.Key)))
        {
            fields.ShouldContainKey(field);
            if (value is not null)
                IsOf((string)fields[field]["type"]!, value).ShouldBeTrue($"{field} is no {fields[field]["type"]}: {value}");
        }

        fields.Where(field => (bool?)field.Value["required"] == true).ShouldAllBe(field => given.ContainsKey(field.Key));
    }

    [Fact]
    public async Task RunFile_Fields_AreThoseThatDaprRunKnows()
    {
        var known = JsonNode.Parse(await File.ReadAllTextAsync(Repository.DaprData("flags.json"), TestContext.Current.CancellationToken))!["run file"]!;
        var file = Yaml.Json(Yaml.Documents(await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "dapr/dapr.yaml"), TestContext.Current.CancellationToken)).Single())!.AsObject();

        file.Select(entry => entry.Key).ShouldBe(["version", "common", "apps"]);
        ((long)file["version"]!).ShouldBe(1);
        Fields(file["common"]!.AsObject(), known["common"]!.AsObject());
        file["apps"]!.AsArray().Count.ShouldBeGreaterThanOrEqualTo(4);
        foreach (var app in file["apps"]!.AsArray())
            Fields(app!.AsObject(), known["app"]!.AsObject(), known["common"]!.AsObject());
    }

    [Fact]
    public async Task RunFile_Paths_AreThereFromItsFolder()
    {
        var folder = Path.Combine(Repository.Root, "dapr");
        var file = Yaml.Json(Yaml.Documents(await File.ReadAllTextAsync(Path.Combine(folder, "dapr.yaml"), TestContext.Current.CancellationToken)).Single())!;

        foreach (var path in file["common"]!["resourcesPaths"]!.AsArray())
            Directory.Exists(Path.Combine(folder, (string)path!)).ShouldBeTrue();
        File.Exists(Path.Combine(folder, (string)file["common"]!["configFilePath"]!)).ShouldBeTrue();
        foreach (var app in file["apps"]!.AsArray())
        {
            Directory.Exists(Path.Combine(folder, (string)app!["appDirPath"]!)).ShouldBeTrue();
            var program = (string)app["command"]![0]!;
            if (program.StartsWith("./", StringComparison.Ordinal))
                program.ShouldBe($"./bin/{app["appID"]}");
            else
                File.Exists(Path.Combine(folder, (string)app["appDirPath"]!, (string)app["command"]![1]!)).ShouldBeTrue($"{program} of {app["appID"]}");
        }
    }

    [Fact]
    public void DaprdBrokers_HaveNoInboundBreaker()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "dapr/resiliency.yaml"));

        text.ShouldContain("retry:");
        Yaml.Json(Yaml.Documents(text).Single())!.ToJsonString().ShouldNotContain("circuitBreaker");
    }

    private static void Fields(JsonObject given, params IEnumerable<JsonObject> known)
    {
        foreach (var (name, value) in given)
        {
            var field = known.FirstOrDefault(k => k.ContainsKey(name))?[name];
            field.ShouldNotBeNull($"{name} is no field of the run file");
            value!.GetValueKind().ToString().ShouldBeOneOf((string)field["type"]! switch
            {
                "int" => ["Number"],
                "bool" => ["True", "False"],
                "[]string" => ["Array"],
                "map[string]string" => ["Object"],
                _ => ["String"],
            });
        }
    }

    /// <summary>Kubernetes refuses what a schema does not name; a plain JSON Schema lets it pass.</summary>
    private static void Close(JsonNode schema)
    {
        if (schema is JsonArray list)
        {
            foreach (var item in list)
                Close(item!);
        }
        else if (schema is JsonObject map)
        {
            foreach (var (_, child) in map)
                Close(child!);
            // The outermost metadata and other objects without properties are free.
            if (map["properties"] is JsonObject && map["type"] is JsonValue)
                map["additionalProperties"] = false;
        }
    }

    private static bool IsOf(string type, string value) => type switch
    {
        "bool" => value is "true" or "false",
        "number" => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _),
        "duration" => Duration().IsMatch(value),
        _ => value.Length > 0,
    };

    [GeneratedRegex(@"^([0-9]+(ms|s|m|h))+\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Duration();
}
