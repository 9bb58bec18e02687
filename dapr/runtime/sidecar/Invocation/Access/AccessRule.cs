using HmsMesh.Sidecar.Resources;

namespace HmsMesh.Sidecar.Invocation.Access;

/// <summary>One operation of a policy. In its name * stands for one step of a path, and ** at the end for all that follow.</summary>
internal sealed class AccessRule
{
    private const string OneStep = "*";
    private const string AnySteps = "**";
    private readonly string[] _steps;
    private readonly HashSet<string> _verbs;
    private readonly bool _allows;

    private AccessRule(string[] steps, HashSet<string> verbs, bool allows) => (_steps, _verbs, _allows) = (steps, verbs, allows);

    /// <summary>How much of a path the name spells out.</summary>
    public int Exactness => _steps.Sum(static step => step switch { OneStep => 1, AnySteps => 0, _ => 2 });

    public static AccessRule Of(YamlMap map) => new(
        Steps(map.Text("name") ?? throw map.Fault("name", "is missing in an operation of accessControl")),
        new(map.Texts("httpVerb"), StringComparer.OrdinalIgnoreCase),
        AccessList.IsAllow(map.Text("action")));

    public bool Covers(string path)
    {
        var steps = Steps(path);
        for (var i = 0; i < _steps.Length; i++)
        {
            if (_steps[i] == AnySteps && i == _steps.Length - 1)
            {
                return steps.Length > i;
            }

            if (i >= steps.Length || (_steps[i] != OneStep && !_steps[i].Equals(steps[i], StringComparison.OrdinalIgnoreCase)))
            {
                return false;
            }
        }

        return steps.Length == _steps.Length;
    }

    /// <summary>Null where the verb is not among its own.</summary>
    public bool? Decides(string verb) => _verbs.Contains(verb) || _verbs.Contains("*") ? _allows : null;

    /// <summary>Of what an app may read into a path: an escaped letter is that letter.</summary>
    private static string[] Steps(string path) => Uri.UnescapeDataString(path).Split('/', StringSplitOptions.RemoveEmptyEntries);
}
