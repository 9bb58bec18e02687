using HmsMesh.Kit;
using Microsoft.AspNetCore.Builder;

namespace HmsMesh.Testing.Hosting;

/// <summary>A service written in place, on Kestrel.</summary>
internal sealed class LambdaHost(ServiceSettings settings, Action<MeshService> configure) : IServiceHost
{
    private WebApplication? _app;

    /// <summary>The service as it is configured, to be built or to be asked what it hears.</summary>
    public static MeshService Configure(IEnumerable<string> args, Action<MeshService> configure)
    {
        var service = MeshService.Create([.. args], configure.Method.Module.Assembly);
        configure(service);
        return service;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var service = Configure(settings.All().Select(v => $"--{v.Key}={v.Value}"), configure);
        settings.Observe(service.Services);
        _app = service.Build();
        await _app.StartAsync(cancellationToken).ConfigureAwait(false);
        await _app.Services.UntilReadyAsync(settings.AppId, cancellationToken).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;
}
