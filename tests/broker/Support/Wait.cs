namespace HmsMesh.Broker.Tests.Support;

internal static class Wait
{
    /// <summary>The broker tells nobody that it has settled: what it reports is looked at until it has, or the test fails.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Make.Token);
        limit.CancelAfter(Make.Patience);
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, limit.Token);
        }
    }
}
