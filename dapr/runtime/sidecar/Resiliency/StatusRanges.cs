using System.Globalization;

namespace HmsMesh.Sidecar.Resiliency;

/// <summary>HTTP statuses as a policy's matching names them: 429,502-504. Naming none means all.</summary>
public sealed class StatusRanges
{
    private const int Lowest = 100;
    private const int Highest = 599;
    private readonly (int First, int Last)[]? _ranges;

    private StatusRanges((int First, int Last)[]? ranges) => _ranges = ranges;

    public static StatusRanges All { get; } = new(null);

    public bool Contains(int status)
    {
        if (_ranges is null)
        {
            return true;
        }

        foreach (var (first, last) in _ranges)
        {
            if (first <= status && status <= last)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads ranges whose ends lie within <paramref name="lowest"/> and <paramref name="highest"/>; HTTP's without them.</summary>
    public static bool TryParse(string? text, out StatusRanges ranges, out string? problem, int lowest = Lowest, int highest = Highest)
    {
        ranges = All;
        problem = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        var read = new List<(int, int)>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || !TryEnd(ends[0], out var first) || !TryEnd(ends[^1], out var last) || last < first)
            {
                problem = $"'{part}' is no status or range of statuses between {lowest} and {highest}";
                return false;
            }

            read.Add((first, last));
        }

        ranges = new([.. read]);
        return true;

        bool TryEnd(string end, out int status) =>
            int.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out status) && status >= lowest && status <= highest;
    }
}
