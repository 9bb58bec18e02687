using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using HmsMesh.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace HmsMesh.Kit.Tests;

/// <summary>The sample service inside the test process, on a port and a database of its own.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private const string Token = "app-token";
    private readonly WebApplication _app;

    private RunningService(WebApplication app, Hooks hooks, Observed observed)
    {
        _app = app;
        Hooks = hooks;
        Observed = observed;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        Http.DefaultRequestHeaders.Add("dapr-api-token", Token);
    }

    public HttpClient Http { get; }

    public Hooks Hooks { get; }

    public Observed Observed { get; }

    public IServiceProvider Services => _app.Services;

    public IWorkshop Workshop => Services.GetRequiredService<IWorkshop>();

    public static async Task<RunningService> StartAsync(TestDatabase database, string sidecar, params string[] more)
    {
        var hooks = new Hooks();
        var observed = new Observed();
        var mesh = SampleService.Create(
        [
            "--Logging:LogLevel:Default=None", "--APP_ID=sample", "--APP_PORT=0", $"--APP_API_TOKEN={Token}", "--DAPR_API_TOKEN=sidecar-token",
            $"--DAPR_HTTP_ENDPOINT={sidecar}", $"--ConnectionStrings:Database={database.ConnectionString}", .. more,
        ]);
        mesh.Services.AddSingleton(hooks);
        mesh.Services.AddSingleton<IMeshObserver>(observed);
        var app = mesh.Build();
        await app.StartAsync();
        await app.Services.GetRequiredService<Readiness>().Ready.WaitAsync(TimeSpan.FromSeconds(20));
        return new RunningService(app, hooks, observed);
    }

    /// <summary>Delivers as a sidecar does, and waits for the answer as long as the test may.</summary>
    public Task<(HttpStatusCode Status, string Body)> DeliverAsync(CloudEvent cloudEvent) => DeliverAsync(CloudEventJson.Write(cloudEvent));

    public Task<(HttpStatusCode Status, string Body)> DeliverAsync(byte[] envelope) => DeliverUntilAsync(envelope, TestContext.Current.CancellationToken);

    /// <summary>Delivers as a sidecar does that hangs up when it is told to.</summary>
    public async Task<(HttpStatusCode Status, string Body)> DeliverUntilAsync(byte[] envelope, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(envelope);
        content.Headers.ContentType = new MediaTypeHeaderValue(CloudEvent.MediaType);
        using var response = await Http.PostAsync("/events/beds.low", content, cancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
    }

    public async Task<JsonElement> StatsAsync() => JsonElement.Parse(await Http.GetStringAsync("/mesh/stats"));

    public async Task<long> HeardAsync(string what) => (await StatsAsync()).GetProperty("hears").GetProperty("beds.low").GetProperty(what).GetInt64();

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
