using System.Text.Json;
using HmsMesh.Cli.Generate.Model;

namespace HmsMesh.Cli.Generate.Lints;

/// <summary>A contract's JSON with the places of its values.</summary>
internal sealed class ContractFile(string file, string topic, byte[] bytes, JsonElement root, IReadOnlyDictionary<string, int> places)
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    public string File { get; } = file;

    public string Topic { get; } = topic;

    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    public JsonElement Root { get; } = root;

    /// <summary>A value that is missing has the place of what it is missing from.</summary>
    public Problem Fault(string pointer, string message, string remedy)
    {
        var at = pointer;
        while (at.Length > 0 && !places.ContainsKey(at))
            at = at[..at.LastIndexOf('/')];
        return new Problem(File, places.GetValueOrDefault(at, 1), pointer, message, remedy);
    }

    public static ContractFile? Read(string root, Said said, ICollection<Problem> problems)
    {
        var path = Path.Combine(root, said.Contract);
        if (!System.IO.File.Exists(path))
        {
            problems.Add(said.Source.Fault($"{said.Topic} has no contract", $"write {said.Contract}, a JSON Schema of its data"));
            return null;
        }

        try
        {
            var bytes = System.IO.File.ReadAllBytes(path);
            if (bytes.Length > Source.MaxBytes)
                throw new JsonException($"it is larger than {Source.MaxBytes / 1024} KiB");
            using var document = JsonDocument.Parse(bytes, Strict);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return new ContractFile(said.Contract, said.Topic, bytes, document.RootElement.Clone(), JsonPlaces.Read(bytes));
            problems.Add(new Problem(said.Contract, 1, "", "is no JSON object", "write a JSON Schema of draft 7"));
        }
        catch (JsonException broken)
        {
            problems.Add(new Problem(said.Contract, (int)(broken.LineNumber ?? 0) + 1, "", $"is not JSON: {broken.Message}", "mend it at this line"));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            problems.Add(new Problem(said.Contract, 1, "", $"cannot be read: {unreadable.Message}", "look at its permissions"));
        }

        return null;
    }
}
