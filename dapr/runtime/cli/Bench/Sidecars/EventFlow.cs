using System.Collections.Concurrent;
using System.Threading.Channels;

namespace HmsMesh.Cli.Bench.Sidecars;

/// <summary>Events from publish to the app's handler, through one sidecar.</summary>
internal sealed class EventFlow(SidecarProcess sidecar, BenchApp app, Load load, TimeProvider time)
{
    /// <summary>Events a second while their time is taken.</summary>
    public const int Rate = 200;

    /// <summary>So many may be on their way, so that no sidecar is measured by its queue.</summary>
    private const int MostUnderWay = 2000;
    private const string Path = "/v1.0/publish/pubsub/" + BenchApp.Topic;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    /// <summary>As many as the sidecar takes and hands on.</summary>
    public async Task<BenchCell> RateAsync(double direct, CancellationToken cancellationToken)
    {
        var request = LoadConnection.Request("POST", Path, SidecarBench.Event(0));
        var (sent, bad, cpu, began, already) = (0, 0, sidecar.Cpu, time.GetTimestamp(), app.Arrived);
        await Task.WhenAll(Enumerable.Range(0, load.Connections).Select(_ => Task.Run(async () =>
        {
            using var connection = await LoadConnection.OpenAsync(sidecar.Port, cancellationToken);
            while (time.GetElapsedTime(began) < load.Duration)
            {
                if (Volatile.Read(ref sent) - (app.Arrived - already) > MostUnderWay)
                {
                    await Task.Delay(Look, time, cancellationToken);
                    continue;
                }

                if (await connection.CallAsync(request, cancellationToken) < 300)
                    Interlocked.Increment(ref sent);
                else
                    Interlocked.Increment(ref bad);
            }
        }, cancellationToken)));
        await ArrivedAsync(already + sent, cancellationToken);
        var arrived = app.Arrived - already;
        var rate = arrived / time.GetElapsedTime(began).TotalSeconds;
        return new(rate, rate / direct, CpuMicroseconds: (sidecar.Cpu - cpu).TotalMicroseconds / Math.Max(1, arrived), Bad: bad + Math.Max(0, sent - arrived));
    }

    /// <summary>How long an event takes while few are under way. Its value is the median.</summary>
    public async Task<BenchCell> LatencyAsync(double direct, CancellationToken cancellationToken)
    {
        var (said, took, already) = (new ConcurrentDictionary<int, long>(), new ConcurrentBag<double>(), app.Arrived);
        app.Came = n =>
        {
            if (said.TryRemove(n, out var at))
                took.Add(time.GetElapsedTime(at).TotalMilliseconds);
        };
        var connections = Channel.CreateUnbounded<LoadConnection>();
        for (var i = 0; i < load.Connections; i++)
            connections.Writer.TryWrite(await LoadConnection.OpenAsync(sidecar.Port, cancellationToken));

        var (count, calls) = ((int)(load.Duration.TotalSeconds * Rate), new List<Task<bool>>());
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / Rate), time);
        for (var n = 1; n <= count && await tick.WaitForNextTickAsync(cancellationToken); n++)
            calls.Add(SayAsync(n));
        var answered = await Task.WhenAll(calls);
        await ArrivedAsync(already + answered.Count(static ok => ok), cancellationToken);
        app.Came = null;
        while (connections.Reader.TryRead(out var connection))
            connection.Dispose();

        var sorted = took.Order().ToArray();
        var result = new LoadResult(0, 0, sorted);
        return new(result.At(0.5), result.At(0.5) / direct, result.At(0.5), result.At(0.99), Bad: count - sorted.Length);

        async Task<bool> SayAsync(int n)
        {
            var connection = await connections.Reader.ReadAsync(cancellationToken);
            said[n] = time.GetTimestamp();
            var status = await connection.CallAsync(LoadConnection.Request("POST", Path, SidecarBench.Event(n)), cancellationToken);
            connections.Writer.TryWrite(connection);
            return status < 300;
        }
    }

    /// <summary>Until all are there, or none has come for long.</summary>
    private async Task ArrivedAsync(int expected, CancellationToken cancellationToken)
    {
        var (last, since) = (app.Arrived, time.GetTimestamp());
        while (app.Arrived < expected && time.GetElapsedTime(since) < Patience)
        {
            await Task.Delay(Look, time, cancellationToken);
            if (app.Arrived != last)
                (last, since) = (app.Arrived, time.GetTimestamp());
        }
    }
}
