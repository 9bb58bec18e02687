using HmsMesh.Cli.Generate;
using HmsMesh.Cli.Generate.Model;

namespace HmsMesh.Cli.Tests.Generate;

/// <summary>A small clone in a temporary folder: services with an asyncapi.yaml and contracts, nothing built.</summary>
internal sealed class TestClone : IDisposable
{
    private int _port = 7000;

    public TestClone()
    {
        Root = Directory.CreateTempSubdirectory("mesh-generate-").FullName;
        Write("services/delivery.yaml", File.ReadAllText(Path.Combine(Repository.Root, "services", "delivery.yaml")));
        Write("services/lint-exceptions.yaml", File.ReadAllText(Path.Combine(Repository.Root, "services", "lint-exceptions.yaml")));
    }

    public string Root { get; }

    public StringWriter Out { get; } = new();

    public StringWriter Error { get; } = new();

    /// <summary>One service says afrh.capacity.low, another hears it.</summary>
    public static TestClone OfTwo()
    {
        var clone = new TestClone();
        clone.Service("capacity", says: ["afrh.capacity.low"]);
        clone.Service("staffing", hears: ["capacity:afrh.capacity.low"]);
        return clone;
    }

    public string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    public void Write(string file, string content)
    {
        var path = Path.Combine(Root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    public void Change(string file, string old, string now)
    {
        Read(file).ShouldContain(old);
        Write(file, Read(file).Replace(old, now, StringComparison.Ordinal));
    }

    /// <param name="hears">OWNER:TOPIC, or a pattern.</param>
    public void Service(string app, string[]? says = null, string[]? hears = null)
    {
        var channels = new List<string>();
        var operations = new List<string>();
        foreach (var topic in says ?? [])
        {
            channels.Add($"""
                  {topic}:
                    address: {topic}
                    messages:
                      event:
                        payload:
                          schemaFormat: application/schema+json;version=draft-07
                          schema:
                            $ref: contracts/{topic}.json
                """);
            Write($"services/{app}/contracts/{topic}.json", Contract());
            operations.Add(Operation("send", topic));
        }

        foreach (var heard in hears ?? [])
        {
            var (owner, topic) = heard.Split(':') is [var before, var after] ? (before, after) : ("", heard);
            channels.Add(owner.Length > 0
                ? $"  {topic}:\n    $ref: ../{owner}/asyncapi.yaml#/channels/{topic}"
                : $"  '{topic}':\n    address: '{topic}'");
            operations.Add(Operation("receive", topic));
        }

        Write($"services/{app}/asyncapi.yaml", $$"""
            asyncapi: 3.0.0
            info: {title: {{app}}, version: 1.0.0}
            x-dapr: {appPort: {{++_port}}, daprHTTPPort: {{_port + 1000}}}
            channels:
            {{string.Join('\n', channels)}}
            operations:
            {{string.Join('\n', operations)}}

            """);
    }

    public static string Contract(string properties = "\"bedsFree\": {\"type\": \"integer\"}", string example = "{\"bedsFree\": 4}") => $$"""
        {
          "$schema": "http://json-schema.org/draft-07/schema#",
          "title": "Event",
          "x-subject": "facility",
          "type": "object",
          "properties": {
            "facility": {"type": "string"},
            {{properties}}
          },
          "examples": [{{example}}]
        }
        """;

    public int Generate(bool check = false) => GenerateCommand.Run(new MeshContext { Root = Root, Out = Out, Error = Error }, check);

    public IReadOnlyList<Problem> Problems() => Generator.Run(Root).Problems;

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static string Operation(string action, string topic) =>
        $"  {action}-{topic.Replace('.', '-').Replace('*', 'x')}: {{action: {action}, channel: {{$ref: '#/channels/{topic}'}}}}";
}
