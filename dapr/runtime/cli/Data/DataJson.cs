using System.Text.Json.Serialization;
using HmsMesh.Cli.Processes;

namespace HmsMesh.Cli.Data;

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SortedDictionary<string, int>))]
[JsonSerializable(typeof(SortedDictionary<string, System.Text.Json.JsonElement>))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(List<ChildRecord>))]
internal sealed partial class DataJson : JsonSerializerContext;
