namespace HmsMesh.Sidecar.Tests.Invocation;

/// <summary>How long a test waits for what comes sooner or later.</summary>
internal static class Patience
{
    public static CancellationTokenSource Of(CancellationToken test)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(test);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        return limit;
    }
}
