namespace HmsMesh.Sidecar.Invocation.Access;

/// <summary>The operations of a policy, step by step, as daprd looks them up
/// (https://github.com/dapr/dapr/blob/master/pkg/config/acl_trie.go): of the steps side by side the first that fits is gone down, in their
/// order in the file; a name holds for all that is below it, too; * alone stands for a last step, or none, ** for all that follow, and
/// within a step * for any letters.</summary>
internal sealed class AccessTree
{
    private const string OneStep = "*";
    private const string AnySteps = "**";
    private readonly string _step;
    private readonly List<AccessTree> _next = [];
    private AccessRule? _rule;

    private AccessTree(string step) => _step = step;

    public static AccessTree Of(IEnumerable<AccessRule> rules)
    {
        var root = new AccessTree("");
        foreach (var rule in rules)
        {
            var node = root;
            foreach (var step in rule.Steps)
            {
                var next = node._next.Find(next => next._step == step);
                if (next is null)
                {
                    node._next.Add(next = new(step));
                }

                node = next;
            }

            // Of two of one name the first holds.
            node._rule ??= rule;
        }

        return root;
    }

    /// <summary>The operation that a path is; null where none names it.</summary>
    public AccessRule? Find(string[] steps)
    {
        var node = this;
        for (var at = 0; at < steps.Length; at++)
        {
            var last = at == steps.Length - 1;
            node = node.Next(steps[at], last);
            if (node is null)
            {
                return null;
            }

            if (node._rule is not null && (last || node._step != OneStep))
            {
                return node._rule;
            }
        }

        return node.Next(OneStep, last: true)?._rule;
    }

    private AccessTree? Next(string step, bool last) =>
        _next.Find(next => next._step == step || (next._step == OneStep ? last : next._step == AnySteps || Fits(step, next._step)));

    /// <summary>Whether a text is of a pattern in which * stands for any letters, or none.</summary>
    private static bool Fits(string text, string pattern)
    {
        var (at, of, star, back) = (0, 0, -1, 0);
        while (at < text.Length)
        {
            if (of < pattern.Length && pattern[of] == '*')
            {
                (star, back) = (of++, at);
            }
            else if (of < pattern.Length && pattern[of] == text[at])
            {
                (at, of) = (at + 1, of + 1);
            }
            else if (star >= 0)
            {
                (at, of) = (++back, star + 1);
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(of).TrimStart('*').IsEmpty;
    }
}
