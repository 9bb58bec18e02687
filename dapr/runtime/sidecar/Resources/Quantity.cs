using System.Globalization;

namespace HmsMesh.Sidecar.Resources;

/// <summary>Sizes as Kubernetes writes them: 4Mi, 512k, 4096, 1.5Gi.</summary>
public static class Quantity
{
    private static readonly (string Suffix, decimal Factor)[] Suffixes =
    [
        ("Ki", 1L << 10), ("Mi", 1L << 20), ("Gi", 1L << 30), ("Ti", 1L << 40),
        ("k", 1_000), ("M", 1_000_000), ("G", 1_000_000_000), ("T", 1_000_000_000_000),
    ];

    /// <summary>A whole number of bytes; false where it is no quantity, negative, or no whole number.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var factor = 1m;
        var digits = text.AsSpan();
        foreach (var (suffix, times) in Suffixes)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal))
            {
                factor = times;
                digits = digits[..^suffix.Length];
                break;
            }
        }

        if (!decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > 1_000_000_000_000)
        {
            return false;
        }

        var product = number * factor;
        if (product > long.MaxValue || product != decimal.Truncate(product))
        {
            return false;
        }

        bytes = (long)product;
        return true;
    }
}
