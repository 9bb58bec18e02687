using System.Text.Json;
using NJsonSchema;
using NJsonSchema.Validation;

namespace HmsMesh.Contracts;

/// <summary>What the payload of a topic must look like: a JSON Schema (draft 7), read once. Safe for many threads.</summary>
public sealed class Contract
{
    private readonly JsonSchema _schema;
    private readonly RuledValidator _validator = new();

    private Contract(string topic, JsonSchema schema, string? title, string? subjectField, IReadOnlyList<JsonElement> examples)
    {
        Topic = topic;
        _schema = schema;
        Title = title;
        SubjectField = subjectField;
        Examples = examples;
    }

    public string Topic { get; }

    public string? Title { get; }

    /// <summary>The field of the payload that names its subject (x-subject).</summary>
    public string? SubjectField { get; }

    /// <summary>At least one; each keeps to the contract.</summary>
    public IReadOnlyList<JsonElement> Examples { get; }

    /// <summary>Reads a contract file. Throws <see cref="ContractException"/> with the place of the fault where the file is no contract,
    /// or uses a keyword that no validator here would enforce.</summary>
    public static Contract Load(string topic, ReadOnlyMemory<byte> json)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(topic);
        if (StrictJson.Parse(json, ContractLimits.DataBytes, out var root) is { } fault)
        {
            throw Refuse(topic, fault);
        }

        try
        {
            var schema = SchemaReader.Read(root);
            var examples = root.TryGetProperty("examples", out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : Array.Empty<JsonElement>();
            var contract = new Contract(topic, schema, Text(root, "title"), Text(root, "x-subject"), examples);
            contract.CheckItself();
            return contract;
        }
        catch (SchemaException e)
        {
            throw Refuse(topic, new ContractFault(e.Pointer, e.Message));
        }
    }

    /// <summary>Checks the payload as text: its size, its depth, that it is JSON and nothing else, and the schema.</summary>
    public ContractResult Check(ReadOnlyMemory<byte> payload) =>
        StrictJson.Parse(payload, ContractLimits.DataBytes, out var data) is { } fault ? ContractResult.Broken(fault) : Check(data);

    /// <summary>Checks a payload that was parsed by <see cref="StrictJson"/>.</summary>
    public ContractResult Check(JsonElement data)
    {
        ICollection<ValidationError> errors;
        try
        {
            errors = _validator.Validate(JsonTokens.From(data), _schema);
        }
        catch (InvalidOperationException)
        {
            return ContractResult.Broken(StrictJson.NoText);
        }
        catch (OverflowException)
        {
            return ContractResult.Broken(StrictJson.NoNumber);
        }

        return errors.Count == 0 ? ContractResult.Valid : ContractResult.Broken(Faults.From(errors, data));
    }

    /// <summary>The subject of this payload: the text of the field that x-subject names; null where it has none.</summary>
    public string? SubjectOf(JsonElement data)
    {
        if (SubjectField is null || data.ValueKind != JsonValueKind.Object || !data.TryGetProperty(SubjectField, out var value))
        {
            return null;
        }

        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString() is { Length: > 0 } text ? text : null,
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };
    }

    private void CheckItself()
    {
        if (Examples.Count == 0)
        {
            throw new SchemaException("/examples", "a contract has at least one example");
        }

        for (var i = 0; i < Examples.Count; i++)
        {
            if (Check(Examples[i]) is { IsValid: false } broken)
            {
                throw new SchemaException($"/examples/{i}{broken.Faults[0].Pointer}", $"the example breaks the contract: {broken.Faults[0].Message}");
            }
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static ContractException Refuse(string topic, ContractFault fault) => new(topic, $"The contract of {topic} cannot be used: {fault}", [fault]);
}
