using System.Text.Json;
using System.Text.Json.Serialization;

namespace HmsMesh.Cli.Token;

[JsonSerializable(typeof(JsonElement))]
internal sealed partial class TokenJson : JsonSerializerContext;
