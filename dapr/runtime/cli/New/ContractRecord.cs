using System.Text.Json;
using System.Text.RegularExpressions;

namespace HmsMesh.Cli.New;

/// <summary>The fields of a contract that a new service's record takes: those that are always there, and the subject.</summary>
internal sealed partial record ContractRecord(IReadOnlyList<string> Fields, string Example)
{
    public static ContractRecord Read(string file)
    {
        using var contract = JsonDocument.Parse(File.ReadAllBytes(file));
        var root = contract.RootElement;
        var required = root.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()).ToHashSet() : [];
        var subject = root.GetProperty("x-subject").GetString();
        // A field that C# cannot name the same way is left to whoever needs it.
        var fields = root.GetProperty("properties").EnumerateObject()
            .Where(field => CamelCase().IsMatch(field.Name) && (required.Contains(field.Name) || field.Name == subject))
            .Select(field => $"{TypeOf(field.Value)}{(required.Contains(field.Name) ? "" : "?")} {char.ToUpperInvariant(field.Name[0])}{field.Name[1..]}");
        return new ContractRecord([.. fields], JsonSerializer.Serialize(root.GetProperty("examples")[0]));
    }

    private static string TypeOf(JsonElement field) => field.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
        ? type.GetString() switch
        {
            "string" => "string",
            "integer" => field.TryGetProperty("maximum", out var maximum) && maximum.TryGetDecimal(out var most) && most <= int.MaxValue ? "int" : "long",
            "number" => "decimal",
            "boolean" => "bool",
            _ => "System.Text.Json.JsonElement",
        }
        : "System.Text.Json.JsonElement";

    [GeneratedRegex(@"^[a-z][A-Za-z0-9]*\z", RegexOptions.NonBacktracking)]
    private static partial Regex CamelCase();
}
