using HmsMesh.Sidecar.Resources;

namespace HmsMesh.Sidecar.Invocation.Access;

/// <summary>One operation of a policy: which steps of a path it names, and what holds for which verbs.</summary>
internal sealed class AccessRule
{
    private readonly HashSet<string> _verbs;
    private readonly bool _allows;

    private AccessRule(string[] steps, HashSet<string> verbs, bool allows) => (Steps, _verbs, _allows) = (steps, verbs, allows);

    /// <summary>In small letters, as paths are compared.</summary>
    public string[] Steps { get; }

    public static AccessRule Of(YamlMap map)
    {
        var name = map.Text("name") ?? throw map.Fault("name", "is missing in an operation of accessControl");
        return new(
            (name is ['/', ..] ? name[1..] : name).ToLowerInvariant().Split('/'),

            // As daprd has it, "get" is no verb: it would be GET.
            new(map.Texts("httpVerb"), StringComparer.Ordinal),
            AccessList.IsAllow(map.Text("action")));
    }

    /// <summary>Null where the verb is not among its own.</summary>
    public bool? Decides(string verb) => _verbs.Contains(verb) || _verbs.Contains("*") ? _allows : null;
}
