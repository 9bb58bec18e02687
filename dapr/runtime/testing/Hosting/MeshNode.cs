using HmsMesh.Sidecar;

namespace HmsMesh.Testing.Hosting;

/// <summary>A service and its sidecar.</summary>
internal sealed class MeshNode(
    ServiceSettings settings, Func<ServiceSettings, IServiceHost> newHost, SidecarOptions options, SidecarServices shared) : IAsyncDisposable
{
    private IServiceHost? _host;
    private MeshSidecar? _sidecar;

    public string AppId => settings.AppId;

    public Uri Address { get; } = new($"http://127.0.0.1:{settings.AppPort}");

    public HttpClient Client()
    {
        var client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(30) };
        client.DefaultRequestHeaders.Add("dapr-api-token", settings.AppToken);
        return client;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await StartSidecarAsync(cancellationToken).ConfigureAwait(false);
        await StartServiceAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task StartSidecarAsync(CancellationToken cancellationToken)
    {
        if (_sidecar is not null)
            throw new InvalidOperationException($"{AppId} runs already.");
        _sidecar = await MeshSidecar.StartAsync(options, shared, cancellationToken).ConfigureAwait(false);
    }

    public async Task StartServiceAsync(CancellationToken cancellationToken)
    {
        _host = newHost(settings);
        await _host.StartAsync(cancellationToken).ConfigureAwait(false);
        await _sidecar!.Ready.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The sidecar first: it drains its deliveries while the service still answers.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _sidecar, null) is { } sidecar)
            await sidecar.StopAsync(cancellationToken).ConfigureAwait(false);
        if (Interlocked.Exchange(ref _host, null) is { } host)
        {
            await host.StopAsync(cancellationToken).ConfigureAwait(false);
            await host.DisposeAsync().ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync() => new(StopAsync(CancellationToken.None));
}
