using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HmsMesh.Testing.Hosting;

/// <summary>A service by its own Program, on Kestrel.</summary>
internal sealed class ProgramHost<TService> : WebApplicationFactory<TService>, IServiceHost
    where TService : class
{
    private readonly ServiceSettings _settings;
    private readonly Action<IServiceCollection>? _services;

    public ProgramHost(ServiceSettings settings, Action<IServiceCollection>? services)
    {
        _settings = settings;
        _services = services;
        // The port is APP_PORT, as everywhere.
        UseKestrel();
    }

    // Starting blocks, and services start all at once.
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Task.Run(StartServer, cancellationToken).ConfigureAwait(false);
        await Services.UntilReadyAsync(_settings.AppId, cancellationToken).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Services.GetRequiredService<IHost>().StopAsync(cancellationToken);

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseContentRoot(AppContext.BaseDirectory);
        foreach (var (key, value) in _settings.All())
            builder.UseSetting(key, value);
        builder.ConfigureTestServices(services =>
        {
            _settings.Observe(services);
            _services?.Invoke(services);
        });
    }
}
