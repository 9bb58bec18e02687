using System.Text.Json;
using System.Text.Json.Serialization;
using HmsMesh.Kit;

namespace HmsMesh.Claims.Decisions;

/// <summary>The rules by which claims are decided: data, read and checked once. The first rule that applies denies the claim; one that
/// none applies to is approved.</summary>
internal sealed class Rulebook
{
    private const string Resource = "rules/unemployment.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectRequiredConstructorParameters = true,
    };

    private readonly RuleFile _file;

    private Rulebook(RuleFile file) => _file = file;

    public string Version => _file.Version;

    public IEnumerable<string> Ids => _file.Rules.Select(r => r.Id).Append(_file.Otherwise.Id);

    /// <summary>Those that the program carries.</summary>
    public static Rulebook Load()
    {
        using var stream = typeof(Rulebook).Assembly.GetManifestResourceStream(Resource)
            ?? throw new MeshConfigurationException($"{Resource} is not in the program.");
        using var text = new StreamReader(stream);
        return Parse(text.ReadToEnd());
    }

    /// <summary>Throws <see cref="MeshConfigurationException"/> with everything that is wrong.</summary>
    public static Rulebook Parse(string json)
    {
        RuleFile? file;
        try
        {
            file = JsonSerializer.Deserialize<RuleFile>(json, Json);
        }
        catch (JsonException e)
        {
            throw new MeshConfigurationException($"{Resource} cannot be read: {e.Message}");
        }

        var faults = file is null ? ["it is null"] : RuleFileCheck.Faults(file).ToList();
        return faults.Count == 0 ? new Rulebook(file!) : throw new MeshConfigurationException($"{Resource}: {string.Join("; ", faults)}.");
    }

    public Decision Decide(Facts facts)
    {
        var rule = _file.Rules.FirstOrDefault(r => r.When.All(c => c.Holds(facts)));
        return rule is null
            ? new Decision(true, _file.Otherwise.Id, _file.Otherwise.Explanation.With("{amount}", Explanation.Number(_file.Amount)), _file.Amount, Version)
            : new Decision(false, rule.Id, rule.Explanation.With("{limit}", Limit(rule)), null, Version);
    }

    private static string Limit(Rule rule) => rule.When.Select(c => c.Below ?? c.Above).FirstOrDefault(l => l is not null) is { } limit ? Explanation.Number(limit) : "";
}
