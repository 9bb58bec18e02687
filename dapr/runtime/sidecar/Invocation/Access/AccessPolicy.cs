using HmsMesh.Sidecar.Resources;

namespace HmsMesh.Sidecar.Invocation.Access;

/// <summary>What one app may do.</summary>
internal sealed class AccessPolicy
{
    private readonly bool? _otherwise;
    private readonly List<AccessRule> _rules;

    private AccessPolicy(bool? otherwise, List<AccessRule> rules) => (_otherwise, _rules) = (otherwise, rules);

    public static AccessPolicy Of(YamlMap map) => new(
        map.Text("defaultAction") is { Length: > 0 } action ? AccessList.IsAllow(action) : null,
        [.. map.Maps("operations").Select(AccessRule.Of)]);

    /// <summary>Null where the policy says nothing about it.</summary>
    public bool? Decides(string verb, string path)
    {
        // The rule that names the most of the path decides, whatever its verbs say.
        var best = _rules.Where(rule => rule.Covers(path)).MaxBy(static rule => rule.Exactness);
        return best?.Decides(verb) ?? _otherwise;
    }
}
