using System.Text.Json.Serialization;

namespace HmsMesh.Cli.Conform;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ConformMatrix))]
internal sealed partial class ConformJson : JsonSerializerContext;
