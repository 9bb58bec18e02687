namespace HmsMesh.Kit.Tests;

/// <summary>Waits for what another process or task brings about.</summary>
internal static class Eventually
{
    public static async Task BeAsync(Func<Task<bool>> condition, string what, int seconds = 10)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        while (!await condition())
        {
            if (limit.IsCancellationRequested)
            {
                throw new TimeoutException($"Not within {seconds} s: {what}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }
}
