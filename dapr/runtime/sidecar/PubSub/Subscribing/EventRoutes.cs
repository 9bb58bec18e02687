using System.Text.Json;
using HmsMesh.Sidecar.Cel;
using HmsMesh.Sidecar.Resources;

namespace HmsMesh.Sidecar.PubSub.Subscribing;

/// <summary>The rules of a subscription, compiled: the first that matches takes an event, else the default path.</summary>
internal sealed class EventRoutes
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 10_000 };
    private readonly List<(CelExpression? Match, EventPath Path)> _rules;
    private readonly bool _reads;

    private EventRoutes(List<(CelExpression? Match, EventPath Path)> rules)
    {
        _rules = rules;
        _reads = rules.Count > 0 && rules[0].Match is not null;
    }

    public bool IsEmpty => _rules.Count == 0;

    /// <summary>False with a problem that begins with the place of the rule, where it stands in a file.</summary>
    public static bool TryCreate(SubscriptionResource subscription, Func<string, Uri> address, out EventRoutes? routes, out string? problem)
    {
        var rules = new List<(CelExpression?, EventPath)>();
        routes = null;
        foreach (var rule in subscription.Rules)
        {
            CelExpression? match = null;
            if (!string.IsNullOrWhiteSpace(rule.Match) && !CelExpression.TryParse(rule.Match.Trim(), out match, out problem))
            {
                problem = $"{(rule.Source is { } place ? $"{place}: " : "")}the rule '{rule.Match}' is no CEL expression: {problem}";
                return false;
            }

            rules.Add((match, new(rule.Path, address(rule.Path))));
        }

        if (subscription.DefaultPath is { Length: > 0 } path)
        {
            rules.Add((null, new(path, address(path))));
        }

        routes = new(rules);
        problem = null;
        return true;
    }

    /// <summary>The path for an event; none where no rule takes it. False with a problem where a rule can't be evaluated.</summary>
    public bool TryFind(ReadOnlyMemory<byte> data, out EventPath? path, out string? problem)
    {
        if (!_reads)
        {
            path = IsEmpty ? null : _rules[0].Path;
            problem = null;
            return true;
        }

        using var document = JsonDocument.Parse(data, Deep);
        return TryFind(document.RootElement, out path, out problem);
    }

    public bool TryFind(JsonElement envelope, out EventPath? path, out string? problem)
    {
        path = null;
        problem = null;
        foreach (var (match, target) in _rules)
        {
            var matches = true;
            if (match is not null && !match.TryMatch(envelope, out matches, out problem))
            {
                return false;
            }

            if (matches)
            {
                path = target;
                return true;
            }
        }

        return true;
    }
}
