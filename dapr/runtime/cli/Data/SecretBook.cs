using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace HmsMesh.Cli.Data;

/// <summary>The secret store's file: what services need and is not there yet is made at random; what is there stays.</summary>
internal sealed class SecretBook(DataFolder data)
{
    private const int Bytes = 32;

    /// <summary>Makes what is missing, in one write.</summary>
    public void Provide(IEnumerable<string> names)
    {
        var secrets = Read();
        var missing = names.Where(name => !secrets.ContainsKey(name)).Distinct(StringComparer.Ordinal).ToList();
        if (missing.Count == 0)
            return;
        foreach (var name in missing)
            secrets[name] = JsonSerializer.SerializeToElement(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes)), DataJson.Default.String);
        AtomicFile.Write(data.Secrets, JsonSerializer.SerializeToUtf8Bytes(secrets, DataJson.Default.SortedDictionaryStringJsonElement));
    }

    /// <summary>Throws <see cref="MeshException"/> where the file has no such text.</summary>
    public string Get(string name) => Read().TryGetValue(name, out var secret) && secret.ValueKind is JsonValueKind.String
        ? secret.GetString()!
        : throw new MeshException($"{data.Secrets} has no secret '{name}'; 'mesh up' makes it when a service of the mesh needs it.");

    private SortedDictionary<string, JsonElement> Read()
    {
        try
        {
            return File.Exists(data.Secrets)
                ? JsonSerializer.Deserialize(File.ReadAllBytes(data.Secrets), DataJson.Default.SortedDictionaryStringJsonElement) ?? []
                : [];
        }
        catch (JsonException broken)
        {
            throw new MeshException($"{data.Secrets}:{broken.LineNumber + 1} is not JSON, so no secret can be read from it or added: {broken.Message}");
        }
    }
}
