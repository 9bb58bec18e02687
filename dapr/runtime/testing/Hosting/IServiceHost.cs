namespace HmsMesh.Testing.Hosting;

/// <summary>One run of a service inside this process.</summary>
internal interface IServiceHost : IAsyncDisposable
{
    /// <summary>Starts it; it listens and is ready when this returns.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Stops it in order.</summary>
    Task StopAsync(CancellationToken cancellationToken);
}
