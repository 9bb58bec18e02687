using System.Text.RegularExpressions;

namespace HmsMesh.EndToEnd.Tests.Support;

/// <summary>What the instances of a service wrote down of the events they heard.</summary>
internal sealed partial class Handled(Mesh mesh, string service)
{
    /// <summary>How often each event was handled, whoever did it.</summary>
    public Dictionary<string, int> Counts() => Lines(Kind.Handled).GroupBy(match => match.Groups["id"].Value).ToDictionary(group => group.Key, group => group.Count());

    public IReadOnlyList<string> Instances() => [.. Lines(Kind.Handled).Select(match => match.Groups["service"].Value).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Events that came after a newer one of the same key.</summary>
    public int Stale() => Lines(Kind.Stale).Count();

    public async Task AllOnceAsync(IReadOnlyList<string> ids, TimeSpan limit)
    {
        await Eventually.TrueAsync(
            () =>
            {
                var counts = Counts();
                return ids.All(counts.ContainsKey);
            },
            limit,
            $"{service} handling all of {ids.Count} events");
        Counts().Where(pair => pair.Value != 1).ShouldBeEmpty();
    }

    private IEnumerable<Match> Lines(Kind kind) => mesh.Host.Out
        .Select(line => Line().Match(line))
        .Where(match => match.Success && match.Groups["kind"].Value == kind.ToString().ToLowerInvariant() && match.Groups["service"].Value.Split('#')[0] == service);

    [GeneratedRegex(@"^(?<service>\S+) +app +\| .* (?<kind>handled|stale) \S+ (?<id>[^\s,]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Line();

    private enum Kind
    {
        Handled,
        Stale,
    }
}
