using System.Text.Json;
using HmsMesh.Cli.Generate.Model;

namespace HmsMesh.Cli.Generate.Lints;

/// <summary>Goes through every schema of a contract: its keywords and its fields.</summary>
internal sealed class SchemaWalk(ContractFile contract)
{
    private readonly List<Problem> _problems = [];

    public IReadOnlyList<Problem> Check()
    {
        Schema(contract.Root, "");
        return _problems;
    }

    private void Schema(JsonElement schema, string pointer)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            Fault(pointer, "is no schema object", "write an object with a type");
            return;
        }

        foreach (var (keyword, value) in schema.EnumerateObject().Select(p => (p.Name, p.Value)))
        {
            var at = $"{pointer}/{JsonPlaces.Escape(keyword)}";
            if (keyword == "additionalProperties" && value.ValueKind is JsonValueKind.True)
                continue;
            if (keyword == "additionalProperties" && value.ValueKind is JsonValueKind.False)
                Fault(at, "refuses fields that are added later", "leave it out: an addition must not break those who hear the old form");
            else if (keyword == "properties" && value.ValueKind == JsonValueKind.Object)
                Properties(value, at);
            else if (SchemaKeywords.SchemaMaps.Contains(keyword) && value.ValueKind == JsonValueKind.Object)
                Map(value, at);
            else if (SchemaKeywords.SchemaLists.Contains(keyword) && value.ValueKind == JsonValueKind.Array)
                List(value, at);
            else if (SchemaKeywords.Schemas.Contains(keyword))
                Schema(value, at);
            else if (keyword == "$ref")
                Reference(value, at);
            else if (keyword == "format")
                Format(value, at);
            else if (!SchemaKeywords.Leaves.Contains(keyword) && !keyword.StartsWith("x-", StringComparison.Ordinal))
                Fault(at, $"uses '{keyword}', which not every validator of the mesh enforces", "say it by other keywords: " + string.Join(", ", SchemaKeywords.Leaves.Except(["$schema", "$id", "$comment"])));
        }
    }

    private void Properties(JsonElement properties, string pointer)
    {
        foreach (var property in properties.EnumerateObject())
        {
            var at = $"{pointer}/{JsonPlaces.Escape(property.Name)}";
            if (PersonalFieldLint.LooksPersonal(property.Name))
            {
                _problems.Add(contract.Fault(
                    at, $"'{property.Name}' looks personal", $"keep it in the service and say an opaque id; what is no person's goes into {LintExceptions.File} with its reason") with
                {
                    Lint = PersonalFieldLint.Name,
                    Topic = contract.Topic,
                });
            }

            Schema(property.Value, at);
        }
    }

    private void Map(JsonElement schemas, string pointer)
    {
        foreach (var entry in schemas.EnumerateObject())
            Schema(entry.Value, $"{pointer}/{JsonPlaces.Escape(entry.Name)}");
    }

    private void List(JsonElement schemas, string pointer)
    {
        var index = 0;
        foreach (var schema in schemas.EnumerateArray())
            Schema(schema, $"{pointer}/{index++}");
    }

    private void Reference(JsonElement value, string pointer)
    {
        if (value.ValueKind != JsonValueKind.String || value.GetString()?.StartsWith("#/definitions/", StringComparison.Ordinal) != true)
            Fault(pointer, "refers to another file", "put the schema below /definitions: a contract is one file");
    }

    private void Format(JsonElement value, string pointer)
    {
        if (value.ValueKind != JsonValueKind.String || !SchemaKeywords.Formats.Contains(value.GetString()!))
            Fault(pointer, $"format {value} is not checked by every validator of the mesh", "write one of " + string.Join(", ", SchemaKeywords.Formats) + ", or a pattern");
    }

    private void Fault(string pointer, string message, string remedy) => _problems.Add(contract.Fault(pointer, message, remedy));
}
