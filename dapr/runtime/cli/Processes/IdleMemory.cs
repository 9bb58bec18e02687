using System.Runtime;
using System.Runtime.InteropServices;

namespace HmsMesh.Cli.Processes;

/// <summary>Gives memory back to the system whenever this process has become idle. Without it an idle mesh keeps what starting and the
/// last burst of events took: the collector runs only when something is allocated, and glibc keeps what the JIT has freed.</summary>
internal sealed class IdleMemory : IAsyncDisposable
{
    /// <summary>Less than this in one interval is idle: health probes go on.</summary>
    private const long IdleBytes = 1 << 20;

    /// <summary>Less than this since the last time is not worth a collection.</summary>
    private const long WorthBytes = 8 << 20;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly TimeProvider _time;
    private readonly Task _watching;

    public IdleMemory(TimeProvider time)
    {
        _time = time;
        _watching = WatchAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        var (released, before) = (0L, 0L);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                var allocated = GC.GetTotalAllocatedBytes();
                var isIdle = allocated - before < IdleBytes;
                before = allocated;
                if (!isIdle || (released > 0 && allocated - released < WorthBytes))
                    continue;
                Release();
                released = allocated;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    private static void Release()
    {
#pragma warning disable S1215 // measured: after a burst of events 20 MB stay with an idle mesh otherwise
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
#pragma warning restore S1215

        // Only glibc has it, and only glibc needs it.
        if (OperatingSystem.IsLinux() && NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "malloc_trim", out _))
            _ = Native.Trim(0);
    }
}
