namespace HmsMesh.Cli.Bench.Sidecars;

/// <summary>Puts load on one port.</summary>
internal sealed class Load(int connections, TimeSpan duration, TimeProvider time)
{
    public int Connections => connections;

    public TimeSpan Duration => duration;

    /// <summary>Every connection calls again as soon as it is answered. A first part, not counted, warms up.</summary>
    public async Task<LoadResult> SaturateAsync(int port, Func<int, byte[]> request, CancellationToken cancellationToken, Action? warm = null)
    {
        await RunAsync(port, request, duration / 2, cancellationToken);
        warm?.Invoke();
        return await RunAsync(port, request, duration, cancellationToken);
    }

    /// <summary>Calls one after another, each begun when the one before is answered.</summary>
    public async Task<LoadResult> OneByOneAsync(int port, byte[] request, int count, CancellationToken cancellationToken)
    {
        using var connection = await LoadConnection.OpenAsync(port, cancellationToken);
        var (times, bad, began) = (new double[count], 0, time.GetTimestamp());
        for (var i = 0; i < count; i++)
        {
            var started = time.GetTimestamp();
            bad += await connection.CallAsync(request, cancellationToken) >= 300 ? 1 : 0;
            times[i] = time.GetElapsedTime(started).TotalMilliseconds;
        }

        Array.Sort(times);
        return new LoadResult(count / time.GetElapsedTime(began).TotalSeconds, bad, times);
    }

    private async Task<LoadResult> RunAsync(int port, Func<int, byte[]> request, TimeSpan length, CancellationToken cancellationToken)
    {
        var (number, bad, began) = (0, 0, time.GetTimestamp());
        var times = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            using var connection = await LoadConnection.OpenAsync(port, cancellationToken);
            var own = new List<double>(1 << 14);
            while (time.GetElapsedTime(began) < length)
            {
                var bytes = request(Interlocked.Increment(ref number));
                var started = time.GetTimestamp();
                if (await connection.CallAsync(bytes, cancellationToken) >= 300)
                    Interlocked.Increment(ref bad);
                own.Add(time.GetElapsedTime(started).TotalMilliseconds);
            }

            return own;
        }, cancellationToken)));
        var all = times.SelectMany(static one => one).ToArray();
        Array.Sort(all);
        return new LoadResult(all.Length / time.GetElapsedTime(began).TotalSeconds, bad, all);
    }
}
