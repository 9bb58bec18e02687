using HmsMesh.Sidecar.Resources;

namespace HmsMesh.Sidecar.Invocation.Access;

/// <summary>What one app may do.</summary>
internal sealed class AccessPolicy
{
    private readonly bool? _otherwise;
    private readonly AccessTree _operations;

    private AccessPolicy(bool? otherwise, AccessTree operations) => (_otherwise, _operations) = (otherwise, operations);

    public static AccessPolicy Of(YamlMap map) => new(
        map.Text("defaultAction") is { Length: > 0 } action ? AccessList.IsAllow(action) : null,
        AccessTree.Of(map.Maps("operations").Select(AccessRule.Of)));

    /// <summary>Null where the policy says nothing about it.</summary>
    public bool? Decides(string verb, string[] steps) => _operations.Find(steps)?.Decides(verb) ?? _otherwise;
}
