using System.Text.Json.Serialization;
using HmsMesh.Cli.Logs;
using HmsMesh.Sidecar;

namespace HmsMesh.Cli.Control;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(MeshStatus))]
[JsonSerializable(typeof(IReadOnlyList<OpenCircuit>))]
[JsonSerializable(typeof(ControlProblem))]
[JsonSerializable(typeof(LogLine))]
[JsonSerializable(typeof(WatchedEvent))]
internal sealed partial class ControlJson : JsonSerializerContext;
