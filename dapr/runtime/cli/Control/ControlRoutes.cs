using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using HmsMesh.Cli.Logs;
using HmsMesh.Cli.Supervision;
using Microsoft.AspNetCore.Http;

namespace HmsMesh.Cli.Control;

/// <summary>What commands may ask of a running mesh.</summary>
internal sealed class ControlRoutes(MeshHost host, Relay relay)
{
    public Task HandleAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!.TrimStart('/').Split('/', 3);
        return (http.Request.Method, path) switch
        {
            ("GET", ["status"]) => StatusAsync(http),
            ("GET", ["address", var service]) => http.Response.WriteAsync(host.Find(service).Next().Plan.Address, http.RequestAborted),
            ("POST", ["down"]) => DownAsync(),
            ("POST", ["services", var service, "stop"]) => StopAsync(http, service),
            ("POST", ["services", var service, "start"]) => StartAsync(http, service),
            ("POST", ["services", var service, "restart"]) => RestartAsync(http, service),
            ("POST", ["services", var service, "scale"]) => ScaleAsync(http, service),
            ("GET", ["logs"]) => FollowAsync(http),
            ("GET", ["watch"]) => WatchAsync(http),
            ("POST", ["publish", var topic]) => relay.PublishAsync(http, host, topic),
            (_, ["call", var service, var rest]) => relay.CallAsync(http, host, service, rest),
            _ => throw new MeshException($"this mesh knows no {http.Request.Method} {http.Request.Path}; it may be older than this command.", ExitCode.Usage),
        };
    }

    private Task DownAsync()
    {
        host.AskToEnd();
        return Task.CompletedTask;
    }

    // Whoever asks may hang up: what he asked for is done all the same, and not left half done.
    private async Task StopAsync(HttpContext http, string service)
    {
        await Task.WhenAll(host.FindInstances(service).Select(instance => instance.StopAsync(host.Ending))).WaitAsync(http.RequestAborted);
        await StatusAsync(http);
    }

    private async Task StartAsync(HttpContext http, string service)
    {
        var instances = host.FindInstances(service);
        await Task.WhenAll(instances.Select(instance => instance.StartAsync(host.Ending))).WaitAsync(http.RequestAborted);
        await SettledAsync(http, instances);
    }

    private async Task RestartAsync(HttpContext http, string service)
    {
        var instances = host.FindInstances(service);
        await AgainAsync(instances).WaitAsync(http.RequestAborted);
        await SettledAsync(http, instances);
    }

    private async Task AgainAsync(IReadOnlyList<ServiceRunner> instances)
    {
        await Task.WhenAll(instances.Select(instance => instance.StopAsync(host.Ending)));
        await Task.WhenAll(instances.Select(instance => instance.StartAsync(host.Ending)));
    }

    private async Task SettledAsync(HttpContext http, IReadOnlyList<ServiceRunner> instances)
    {
        await Task.WhenAll(instances.Select(instance => instance.Settled)).WaitAsync(http.RequestAborted);
        await StatusAsync(http);
    }

    private async Task ScaleAsync(HttpContext http, string service)
    {
        if (!int.TryParse(http.Request.Query["to"], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            throw new MeshException("the number of instances is missing.", ExitCode.Usage);
        await host.Find(service).ScaleAsync(count, http.RequestAborted);
        await StatusAsync(http);
    }

    private async Task FollowAsync(HttpContext http)
    {
        var service = http.Request.Query["service"].ToString();
        if (service.Length > 0)
            host.FindInstances(service);
        var lines = host.Hub.Follow(http.RequestAborted);
        await BeginAsync(http);
        await foreach (var line in lines.ReadAllAsync(http.RequestAborted))
        {
            if (service.Length == 0 || LogArchive.IsOf(line.Service, service))
                await LineAsync(http, line, ControlJson.Default.LogLine);
        }
    }

    private async Task WatchAsync(HttpContext http)
    {
        var pattern = http.Request.Query["topic"].ToString();
        await foreach (var seen in EventTail.ReadAsync(host, pattern, () => BeginAsync(http), http.RequestAborted))
            await LineAsync(http, seen, ControlJson.Default.WatchedEvent);
    }

    private static async Task BeginAsync(HttpContext http)
    {
        await http.Response.StartAsync(http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }

    private static async Task LineAsync<T>(HttpContext http, T value, JsonTypeInfo<T> type)
    {
        await http.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(value, type), http.RequestAborted);
        await http.Response.Body.WriteAsync("\n"u8.ToArray(), http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }

    private async Task StatusAsync(HttpContext http) =>
        await http.Response.WriteAsJsonAsync(await host.StatusAsync(http.RequestAborted, http.Request.Query.ContainsKey("counts")), ControlJson.Default.MeshStatus, cancellationToken: http.RequestAborted);
}
