using System.Text.Json;
using HmsMesh.Cli.Generate.Model;
using HmsMesh.Contracts;

namespace HmsMesh.Cli.Generate.Lints;

/// <summary>Each contract: its keywords, its fields, its subject and its examples.</summary>
internal sealed class ContractLint : ILint
{
    private const string Draft = "http://json-schema.org/draft-07/schema#";

    public IEnumerable<Problem> Check(MeshModel mesh) => mesh.Services.SelectMany(service => Check(mesh.Root, service));

    private static List<Problem> Check(string root, ServiceModel service)
    {
        var problems = new List<Problem>();
        foreach (var said in service.Says)
        {
            if (ContractFile.Read(root, said, problems) is { } contract)
                problems.AddRange(Check(contract));
        }

        var folder = Path.Combine(root, service.Folder, "contracts");
        var known = service.Says.Select(said => Path.GetFileName(said.Contract)).ToHashSet(StringComparer.Ordinal);
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json").Select(path => Path.GetFileName(path)) : [];
        foreach (var file in files.Where(file => !known.Contains(file)).Order(StringComparer.Ordinal))
        {
            problems.Add(new Problem(
                $"{service.Folder}/contracts/{file}", 1, "", "is the contract of a topic that nobody says", $"send it in {service.Source.File}, or delete it"));
        }

        return problems;
    }

    private static List<Problem> Check(ContractFile contract)
    {
        List<Problem> problems = [.. Head(contract), .. new SchemaWalk(contract).Check()];
        // What is no schema for the walk is none for the validator, whose word would be the second on the same fault.
        if (problems.All(problem => problem.Lint is not null))
            problems.AddRange(Load(contract));
        return problems;
    }

    /// <summary>As a service loads it: every keyword understood, at least one example, each valid.</summary>
    private static IEnumerable<Problem> Load(ContractFile contract)
    {
        try
        {
            Contract.Load(contract.Topic, contract.Bytes);
            return [];
        }
        catch (ContractException refused)
        {
            return refused.Faults.Select(fault => contract.Fault(fault.Pointer, $"cannot be used: {fault.Message}", "mend it; services refuse to start with it"));
        }
    }

    private static IEnumerable<Problem> Head(ContractFile contract)
    {
        if (Text(contract, "$schema") != Draft)
            yield return contract.Fault("/$schema", "is not a schema of draft 7", $"write \"$schema\": \"{Draft}\"");
        if (string.IsNullOrWhiteSpace(Text(contract, "title")))
            yield return contract.Fault("/title", "has no title", "write the event's name, such as \"CapacityLow\"");
        if (Text(contract, "type") != "object")
            yield return contract.Fault("/type", "is not an object's", "write \"type\": \"object\", so that fields can be added later");
        if (Text(contract, "x-subject") is not { } subject)
            yield return contract.Fault("", "names no subject", "add \"x-subject\": the field whose value is the entity's id; events of one subject keep their order");
        else if (!contract.Root.TryGetProperty("properties", out var fields) || fields.ValueKind != JsonValueKind.Object || !fields.TryGetProperty(subject, out _))
            yield return contract.Fault("/x-subject", $"names '{subject}', which is none of its properties", "name one of them");
    }

    private static string? Text(ContractFile contract, string key) =>
        contract.Root.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
