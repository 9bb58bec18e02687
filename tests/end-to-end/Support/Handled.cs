using System.Diagnostics;
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

    /// <summary>Each is handled, and none twice. A service that was killed between its commit and its line says only the next time that
    /// it did it already.</summary>
    public async Task AllOnceAsync(IReadOnlyList<string> ids, TimeSpan limit)
    {
        List<string> Missing()
        {
            var known = Lines(Kind.Handled).Concat(Lines(Kind.Already)).Select(match => match.Groups["id"].Value).ToHashSet();
            return [.. ids.Where(id => !known.Contains(id))];
        }

        var began = Stopwatch.GetTimestamp();
        while (Missing() is { Count: > 0 } missing)
        {
            if (Stopwatch.GetElapsedTime(began) > limit)
                Assert.Fail($"{service} has not handled {missing.Count} of {ids.Count} events: {string.Join(", ", missing.Take(5))} in\n{mesh.Host.Everything}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Counts().Where(pair => pair.Value != 1).ShouldBeEmpty();
    }

    private IEnumerable<Match> Lines(Kind kind) => mesh.Host.Out
        .Select(line => Line().Match(line))
        .Where(match => match.Success && string.Equals(match.Groups["kind"].Value, kind.ToString(), StringComparison.OrdinalIgnoreCase) && match.Groups["service"].Value.Split('#')[0] == service);

    [GeneratedRegex(@"^(?<service>\S+) +app +\| .*? (?<kind>already|handled|stale) (?:handled )?\S+ (?<id>[^\s,]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Line();

    private enum Kind
    {
        Handled,
        Already,
        Stale,
    }
}
