using System.Globalization;
using System.Text.Json;

namespace HmsMesh.Sidecar.Components.SecretStoreLocalFile;

/// <summary>A JSON file of secrets: nested names are joined by the separator, or stay apart within a secret where it is multi-valued.</summary>
internal static class SecretFile
{
    private const int MostBytes = 4 << 20;

    public static Dictionary<string, IReadOnlyDictionary<string, string>> Read(ComponentMetadata metadata)
    {
        var path = metadata.Required("secretsFile");
        var separator = metadata.Text("nestedSeparator") ?? ":";
        try
        {
            if (new FileInfo(path).Length > MostBytes)
            {
                throw metadata.Fault("secretsFile", $"names {path}, which is larger than 4 MiB");
            }

            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw metadata.Fault("secretsFile", $"names {path}, which holds no JSON object");
            }

            return metadata.Flag("multiValued") ? Several(document.RootElement, separator) : Single(document.RootElement, separator);
        }
        catch (JsonException wrong)
        {
            var line = ((wrong.LineNumber ?? 0) + 1).ToString(CultureInfo.InvariantCulture);
            throw new SidecarException(metadata.Fault("secretsFile", $"names {path}, which is no JSON (line {line})").Message, wrong);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SidecarException(metadata.Fault("secretsFile", $"names {path}, which can't be read: {failure.Message}").Message, failure);
        }
    }

    private static Dictionary<string, IReadOnlyDictionary<string, string>> Single(JsonElement root, string separator)
    {
        var secrets = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        Visit(root, "", separator, (name, value) => secrets.TryAdd(name, new Dictionary<string, string>(StringComparer.Ordinal) { [name] = value }));
        return secrets;
    }

    private static Dictionary<string, IReadOnlyDictionary<string, string>> Several(JsonElement root, string separator)
    {
        var secrets = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var secret in root.EnumerateObject())
        {
            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            switch (secret.Value.ValueKind)
            {
                case JsonValueKind.String:
                    values[secret.Name] = secret.Value.GetString()!;
                    break;
                case JsonValueKind.Object:
                    Visit(secret.Value, "", separator, (name, value) => values.TryAdd(name, value));
                    break;
                default:
                    // Of several values, daprd knows texts and objects only.
                    continue;
            }

            secrets[secret.Name] = values;
        }

        return secrets;
    }

    private static void Visit(JsonElement element, string path, string separator, Action<string, string> found)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    Visit(property.Value, Join(path, property.Name, separator), separator, found);
                }

                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in element.EnumerateArray())
                {
                    Visit(item, Join(path, index++.ToString(CultureInfo.InvariantCulture), separator), separator, found);
                }

                break;
            case JsonValueKind.String:
                found(path, element.GetString()!);
                break;
            default:
                found(path, element.GetRawText());
                break;
        }
    }

    private static string Join(string path, string name, string separator) => path.Length == 0 ? name : path + separator + name;
}
