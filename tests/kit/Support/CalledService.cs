using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace HmsMesh.Kit.Tests;

/// <summary>A service with one route, which tells who calls and needs claims.read.</summary>
internal sealed class CalledService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private CalledService(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    public static async Task<CalledService> StartAsync(string issuer, TimeProvider time, bool trusts, CancellationToken cancellationToken)
    {
        var mesh = MeshService.Create(
        [
            "--Logging:LogLevel:Default=None", "--APP_ID=sample", "--APP_PORT=0", "--APP_API_TOKEN=app-token", "--DAPR_HTTP_ENDPOINT=http://127.0.0.1:1",
            $"--Auth:Issuer={issuer}", "--ConnectionStrings:Database=Data Source=:memory:",
        ]);
        mesh.Services.AddSingleton(time);
        if (trusts)
        {
            mesh.TrustsTokens();
        }

        mesh.Routes(app => app.MapGet("/me", (HttpContext http) => TypedResults.Json(http.Caller())).Needs("claims.read"));
        var app = mesh.Build();
        await app.StartAsync(cancellationToken);
        return new CalledService(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
