namespace HmsMesh.Cli.Supervision;

/// <summary>A service: its instances, at least one. They share its app id, its data and its events.</summary>
/// <param name="another">Makes the instance of a number.</param>
/// <param name="gone">Called for an instance that is not to come back.</param>
/// <param name="ending">Cancelled when the mesh ends.</param>
internal sealed class ServiceGroup(ServiceRunner first, Func<int, ServiceRunner> another, Action<ServiceRunner> gone, CancellationToken ending) : IAsyncDisposable
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

    /// <summary>Starts what is missing or stopped and returns once that is settled; what is too many ends in order, the youngest first.
    /// Cancelled, it waits no longer, and what it started goes on. Where one can't start, those that are new are gone again.</summary>
    public async Task ScaleAsync(int count, CancellationToken cancellationToken)
    {
        if (count is < 1 or > Most)
            throw new MeshException($"a service has 1 to {Most} instances, not {count}; 'mesh stop {Name}' stops it.", ExitCode.Usage);
        if (first.Plan.External)
            throw new MeshException($"{Name} runs outside the mesh (--external), so its instances are not the mesh's to start.", ExitCode.Usage);
        if (first.State is ServiceState.Skipped)
            throw new MeshException($"{Name} is skipped: {first.Problem}");
        using var turn = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ending);
        await _turn.WaitAsync(turn.Token);
        try
        {
            if (_instances.All(one => one.State is ServiceState.Stopped) && count > _instances.Length)
                throw new MeshException($"{Name} is stopped; 'mesh start {Name}' first.");
            await GrowAsync(count);
            await Task.WhenAll(_instances.Take(count).Select(instance => instance.Settled)).WaitAsync(turn.Token);
            await ShrinkAsync(count);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        // A change under way ends first, or an instance would be ended twice.
        await _turn.WaitAsync(CancellationToken.None);
        foreach (var instance in _instances)
            await instance.DisposeAsync();
        _turn.Dispose();
    }

    private async Task GrowAsync(int count)
    {
        var fresh = new List<ServiceRunner>();
        try
        {
            for (var number = _instances.Length + 1; number <= count; number++)
                fresh.Add(another(number));
            var wanted = _instances.All(one => one.State is ServiceState.Stopped) ? [] : _instances.Take(count).Where(one => one.State is ServiceState.Stopped);
            var starting = wanted.Concat(fresh).ToList();
            _instances = [.. _instances, .. fresh];
            await Task.WhenAll(starting.Select(instance => instance.StartAsync(ending)));
        }
        catch
        {
            await TakeOutAsync(fresh);
            throw;
        }
    }

    private async Task ShrinkAsync(int count)
    {
        var leaving = _instances.Skip(count).Reverse().ToList();
        await Task.WhenAll(leaving.Select(instance => instance.StopAsync(CancellationToken.None)));
        await TakeOutAsync(leaving);
    }

    private async Task TakeOutAsync(List<ServiceRunner> leaving)
    {
        _instances = [.. _instances.Except(leaving)];
        foreach (var instance in leaving)
        {
            gone(instance);
            await instance.DisposeAsync();
        }
    }
}
