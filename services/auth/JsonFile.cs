using System.Text.Json;
using System.Text.Json.Serialization;
using HmsMesh.Kit;

namespace HmsMesh.Auth;

/// <summary>Reads clients.json and accounts.json: the one that is built in, or one that the configuration names.</summary>
internal static class JsonFile
{
    private const int MostBytes = 1 << 20;
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    public static IReadOnlyList<T> Read<T>(string name, string? path)
    {
        try
        {
            using var stream = path is null ? typeof(JsonFile).Assembly.GetManifestResourceStream(name)! : File.OpenRead(path);
            if (stream.Length > MostBytes)
                throw new MeshConfigurationException($"{path}: {stream.Length} bytes are over the limit of {MostBytes}.");
            return JsonSerializer.Deserialize<List<T>>(stream, Strict) ?? [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new MeshConfigurationException($"{path ?? name} cannot be read: {e.Message}");
        }
    }
}
