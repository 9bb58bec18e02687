using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Tests.Invocation;

/// <summary>An app that is called: answers by a handler of the test.</summary>
internal sealed class CallApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private CallApp(WebApplication app) => _app = app;

    public int Port { get; private set; }

    public int Calls => _calls;

    private int _calls;

    public static async Task<CallApp> StartAsync(RequestDelegate handler, long? maxBody = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => (kestrel.Limits.MaxRequestBodySize, kestrel.Limits.MaxRequestHeaderCount) = (maxBody, 1_000));
        var app = new CallApp(builder.Build());
        app._app.Run(context =>
        {
            if (context.Request.Path.StartsWithSegments("/dapr"))
            {
                context.Response.StatusCode = 404;
                return Task.CompletedTask;
            }

            Interlocked.Increment(ref app._calls);
            return handler(context);
        });
        await app._app.StartAsync(TestContext.Current.CancellationToken);
        app.Port = new Uri(app._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
        return app;
    }

    /// <summary>An app that says its name.</summary>
    public static Task<CallApp> SayingAsync(string text) => StartAsync(context => context.Response.WriteAsync(text, context.RequestAborted));

    /// <summary>An app that gives back what it was sent.</summary>
    public static Task<CallApp> EchoAsync(long? maxBody = null) => StartAsync(
        async context =>
        {
            context.Response.ContentType = context.Request.ContentType;
            await context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted);
        },
        maxBody);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
