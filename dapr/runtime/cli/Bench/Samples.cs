using System.Collections.Concurrent;

namespace HmsMesh.Cli.Bench;

/// <summary>The times of each measure, in the events' order.</summary>
internal sealed class Samples
{
    public const string Accepted = "accepted";
    public const string Page = "page";
    public const string Direct = "direct";

    private static readonly string[] Order = [Accepted, "staffing", "supply-chain", "journey", Page, Direct];

    private readonly ConcurrentDictionary<string, List<double>> _times = new();

    /// <summary>A measure has one event under way at a time.</summary>
    public void Add(string measure, TimeSpan time) => _times.GetOrAdd(measure, _ => []).Add(time.TotalMilliseconds);

    /// <summary>The first event apart from the rest.</summary>
    public BenchReport Report(IReadOnlyList<string> missing) => new(
        _times.TryGetValue(Accepted, out var all) ? all.Count : 0,
        [.. Order.Where(_times.ContainsKey).Select(measure => Spread(measure, _times[measure]))],
        missing);

    public static BenchMeasure Spread(string measure, IReadOnlyList<double> times)
    {
        var rest = times.Skip(1).Order().ToList();
        double? At(double share) => rest.Count == 0 ? null : Round(rest[Math.Max(0, (int)Math.Ceiling(rest.Count * share) - 1)]);
        return new BenchMeasure(measure, Round(times[0]), At(0.5), At(0.99), At(1));
    }

    private static double Round(double milliseconds) => Math.Round(milliseconds, 2);
}
