using System.Diagnostics;

namespace HmsMesh.Cli.Tests;

/// <summary>For what nobody tells of: asks again and again, up to a limit.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<bool> holds, TimeSpan limit)
    {
        var began = Stopwatch.GetTimestamp();
        while (!holds())
        {
            Stopwatch.GetElapsedTime(began).ShouldBeLessThan(limit);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
