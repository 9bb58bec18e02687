using HmsMesh.Cli.Data;
using HmsMesh.Cli.Supervision;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HmsMesh.Cli.Control;

/// <summary>The running mesh's side of the socket. The socket lies in a folder that its owner alone may enter.</summary>
internal sealed class ControlServer : IAsyncDisposable
{
    /// <summary>Tells a problem of the mesh from an answer that a service gave.</summary>
    public const string ProblemHeader = "mesh-problem";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int LargestBody = 4 << 20;

    private readonly WebApplication _app;
    private readonly Relay _relay;

    private ControlServer(WebApplication app, Relay relay) => (_app, _relay) = (app, relay);

    public static async Task<ControlServer> StartAsync(DataFolder data, MeshHost host, CancellationToken cancellationToken)
    {
        // The data folder's lock is ours, so a socket that is there already is a dead mesh's.
        File.Delete(data.Socket);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.ListenUnixSocket(data.Socket, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1));
        var app = builder.Build();
        app.Use(Guard);
        app.UseRouting();
        var relay = new Relay();
        ControlRoutes.Map(app, host, relay);
        app.UseEndpoints(_ => { });
        await app.StartAsync(cancellationToken);
        File.SetUnixFileMode(data.Socket, OwnerOnly);
        return new ControlServer(app, relay);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _relay.Dispose();
    }

    private static async Task Guard(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
        }
        catch (MeshException problem) when (!http.Response.HasStarted)
        {
            http.Response.StatusCode = StatusCodes.Status409Conflict;
            http.Response.Headers[ProblemHeader] = "1";
            await http.Response.WriteAsJsonAsync(new ControlProblem(problem.Message, problem.ExitCode), ControlJson.Default.ControlProblem);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked is gone.
        }
    }
}
