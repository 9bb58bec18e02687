using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace HmsMesh.Properties.Tests.Support;

/// <summary>Tries a property with many random values. A failure shows the smallest value found that breaks it, and its seed:
/// MESH_PROPERTY_SEED=(a,b) repeats that one; MESH_LONG=1 tries ten times as many.</summary>
internal static class Holds
{
    /// <summary>What a hang would exceed, and a slow machine not.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    public static void ForAll<T>(Gen<T> values, Action<T> property, int tries = 500)
    {
        var times = Environment.GetEnvironmentVariable("MESH_LONG") == "1" ? tries * 10 : tries;
        var config = Config.QuickThrowOnFailure.WithMaxTest(times).WithEndSize(60);
        if (Environment.GetEnvironmentVariable("MESH_PROPERTY_SEED") is { Length: > 0 } seed)
        {
            var numbers = seed.Trim('(', ')').Split(',').Select(static one => ulong.Parse(one, CultureInfo.InvariantCulture)).ToArray();
            config = config.WithReplay(numbers[0], numbers[1]);
        }

        Prop.ForAll(values.ToArbitrary(), value => InTime(() => property(value))).Check(config);
    }

    private static void InTime(Action property)
    {
        Task.Run(property).WaitAsync(Bound, TestContext.Current.CancellationToken).GetAwaiter().GetResult();
    }
}
