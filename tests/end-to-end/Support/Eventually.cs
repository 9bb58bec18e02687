using System.Diagnostics;

namespace HmsMesh.EndToEnd.Tests.Support;

/// <summary>For what nobody tells of: asks again and again, up to a limit.</summary>
internal static class Eventually
{
    public static Task TrueAsync(Func<bool> holds, TimeSpan limit, string what) => TrueAsync(() => Task.FromResult(holds()), limit, what);

    public static async Task TrueAsync(Func<Task<bool>> holds, TimeSpan limit, string what)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            if (Stopwatch.GetElapsedTime(began) > limit)
                Assert.Fail($"Not within {limit.TotalSeconds:0.#} s: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
