using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace HmsMesh.Kit;

/// <summary>Durations that configuration names.</summary>
public static class DurationExtensions
{
    /// <summary>The duration, or null where configuration names none. Throws <see cref="MeshConfigurationException"/> for what is none
    /// within the bounds.</summary>
    /// <param name="configuration">Where it may be.</param>
    /// <param name="key">Its key, as an error is to show it: Bank:SlowFor, or Bank__SlowFor as the environment has it.</param>
    /// <param name="least">The shortest that is taken.</param>
    /// <param name="longest">The longest that is taken.</param>
    /// <param name="shape">What one looks like, for the error: "such as 00:00:05, of 5 minutes at most".</param>
    public static TimeSpan? Duration(this IConfiguration configuration, string key, TimeSpan least, TimeSpan longest, string shape)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        if (configuration[key.Replace("__", ":", StringComparison.Ordinal)] is not { Length: > 0 } text)
        {
            return null;
        }

        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= least && value <= longest
            ? value
            : throw new MeshConfigurationException($"{key}: '{text}' is no duration {shape}.");
    }
}
