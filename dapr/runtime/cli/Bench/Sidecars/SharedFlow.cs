using System.Net.Sockets;
using HmsMesh.Broker.Native;

namespace HmsMesh.Cli.Bench.Sidecars;

/// <summary>Sixteen sidecars on one folder, each with a publisher of its own that says an event every 20 ms; then the process that
/// writes the broker's log is killed by -9 every second.</summary>
internal sealed class SharedFlow(BenchTarget target, BenchFolder folder, Load load, TimeProvider time) : IAsyncDisposable
{
    public const int Sidecars = 16;

    private const int Kills = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan BetweenKills = TimeSpan.FromSeconds(1);
    private readonly string _lock = Path.Combine(folder.Path, "broker", "lock");
    private readonly List<SidecarProcess> _living = [];
    private readonly List<Task> _publishing = [];
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private List<double> _times = [];
    private int _bad;

    /// <summary>Whether one of them writes a log for all, as on pubsub.embedded.</summary>
    public bool HasWriter => File.Exists(_lock);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < Sidecars; i++)
        {
            _living.Add(await SidecarProcess.StartAsync(target, folder, $"publisher-{i}", null, time, cancellationToken));
        }

        _publishing.AddRange(_living.Select(one => PublishAsync(one, _end.Token)));
        await Task.Delay(load.Duration / 2, time, cancellationToken);
        Take();
    }

    /// <summary>How long a publish takes while nobody is killed. Its value is the 99th percentile.</summary>
    public async Task<BenchCell> SteadyAsync(double direct, CancellationToken cancellationToken)
    {
        await Task.Delay(load.Duration, time, cancellationToken);
        var result = new LoadResult(0, 0, Take());
        return new(result.At(0.99), result.At(0.99) / direct, result.At(0.5), result.At(0.99), Bad: _bad);
    }

    /// <summary>The slowest publish of all after each kill. Its value is the slowest of those; the percentiles are theirs.</summary>
    public async Task<BenchCell> TakeoversAsync(double direct, CancellationToken cancellationToken)
    {
        var slowest = new List<double>();
        for (var kill = 0; kill < Kills; kill++)
        {
            var pid = ProcessLock.Holder(_lock);
            var writer = _living.Find(one => one.Pid == pid) ?? throw new MeshException($"process {pid}, which writes the broker, is none of the sixteen sidecars.");
            _living.Remove(writer);
            await writer.DisposeAsync();
            await Task.Delay(BetweenKills, time, cancellationToken);
            slowest.Add(Take()[^1]);
        }

        var result = new LoadResult(0, 0, [.. slowest.Order()]);
        return new(result.At(1), result.At(1) / direct, result.At(0.5), result.At(0.99), Bad: _bad);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_publishing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_living.Select(static one => one.DisposeAsync().AsTask()));
        _end.Dispose();
    }

    private async Task PublishAsync(SidecarProcess sidecar, CancellationToken cancellationToken)
    {
        var request = LoadConnection.Request("POST", "/v1.0/publish/pubsub/bench.nobody.hears", SidecarBench.Event(0));
        using var connection = await LoadConnection.OpenAsync(sidecar.Port, cancellationToken);
        while (!cancellationToken.IsCancellationRequested)
        {
            var began = time.GetTimestamp();
            try
            {
                if (await connection.CallAsync(request, cancellationToken) >= 300)
                    Interlocked.Increment(ref _bad);
            }
            catch (Exception e) when (e is SocketException or EndOfStreamException)
            {
                // It was killed; its own publisher ends with it.
                return;
            }

            lock (_gate)
            {
                _times.Add(time.GetElapsedTime(began).TotalMilliseconds);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <summary>What was taken since the last time, sorted.</summary>
    private double[] Take()
    {
        lock (_gate)
        {
            var times = _times.Order().ToArray();
            _times = [];
            return times;
        }
    }
}
