namespace HmsMesh.Cli.Supervision;

/// <summary>A service: its instances, at least one. They share its app id, its data and its events.</summary>
internal sealed class ServiceGroup(ServiceRunner first, Func<int, ServiceRunner> another, Action<ServiceRunner> gone) : IAsyncDisposable
{
    public const int Most = 16;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile ServiceRunner[] _instances = [first];
    private int _next;

    public string Name => first.Plan.Name;

    public IReadOnlyList<ServiceRunner> Instances => _instances;

    /// <summary>One of its healthy instances, each in its turn; the first where none is.</summary>
    public ServiceRunner Next()
    {
        var healthy = _instances.Where(one => one.State is ServiceState.Healthy).ToArray();
        return healthy.Length == 0 ? first : healthy[(int)((uint)Interlocked.Increment(ref _next) % (uint)healthy.Length)];
    }

    /// <summary>Starts what is missing and returns once that is settled; what is too many ends in order, the youngest first.</summary>
    public async Task ScaleAsync(int count, CancellationToken cancellationToken)
    {
        if (count is < 1 or > Most)
            throw new MeshException($"a service has 1 to {Most} instances, not {count}; 'mesh stop {Name}' stops it.", ExitCode.Usage);
        if (first.Plan.External)
            throw new MeshException($"{Name} runs outside the mesh (--external), so its instances are not the mesh's to start.", ExitCode.Usage);
        if (first.State is ServiceState.Skipped)
            throw new MeshException($"{Name} is skipped: {first.Problem}");
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_instances.All(one => one.State is ServiceState.Stopped) && count > _instances.Length)
                throw new MeshException($"{Name} is stopped; 'mesh start {Name}' first.");
            await GrowAsync(count, cancellationToken);
            await ShrinkAsync(count);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances)
            await instance.DisposeAsync();
        _turn.Dispose();
    }

    private async Task GrowAsync(int count, CancellationToken cancellationToken)
    {
        var fresh = new List<ServiceRunner>();
        while (_instances.Length < count)
        {
            fresh.Add(another(_instances.Length + 1));
            _instances = [.. _instances, fresh[^1]];
        }

        await Task.WhenAll(fresh.Select(instance => instance.StartAsync(cancellationToken)));
        await Task.WhenAll(fresh.Select(instance => instance.Settled)).WaitAsync(cancellationToken);
    }

    private async Task ShrinkAsync(int count)
    {
        var leaving = _instances.Skip(count).Reverse().ToList();
        await Task.WhenAll(leaving.Select(instance => instance.StopAsync(CancellationToken.None)));
        _instances = [.. _instances.Take(count)];
        foreach (var instance in leaving)
        {
            gone(instance);
            await instance.DisposeAsync();
        }
    }
}
