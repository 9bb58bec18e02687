using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using HmsMesh.Cli.Logs;
using HmsMesh.Cli.Supervision;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace HmsMesh.Cli.Control;

/// <summary>What commands may ask of a running mesh.</summary>
internal static class ControlRoutes
{
    public static void Map(IEndpointRouteBuilder routes, MeshHost host, Relay relay)
    {
        Map(routes, "GET", "/status", http => AnswerAsync(http, host.Status(), ControlJson.Default.MeshStatus));
        Map(routes, "POST", "/down", http =>
        {
            host.AskToEnd();
            return Task.CompletedTask;
        });
        Map(routes, "POST", "/services/{service}/stop", async http =>
        {
            await host.Find(Route(http, "service")).StopAsync(hurry: false, http.RequestAborted);
            await AnswerAsync(http, host.Status(), ControlJson.Default.MeshStatus);
        });
        Map(routes, "POST", "/services/{service}/start", http => StartAsync(http, host));
        Map(routes, "POST", "/services/{service}/restart", async http =>
        {
            await host.Find(Route(http, "service")).StopAsync(hurry: false, http.RequestAborted);
            await StartAsync(http, host);
        });
        Map(routes, "GET", "/logs", http => FollowAsync(http, host));
        Map(routes, "GET", "/watch", http => WatchAsync(http, host));
        Map(routes, "POST", "/publish/{topic}", http => relay.PublishAsync(http, host, Route(http, "topic")));
        routes.Map("/call/{service}/{**path}", http => relay.CallAsync(http, host, Route(http, "service"), http.Request.RouteValues["path"] as string ?? ""));
    }

    private static async Task StartAsync(HttpContext http, MeshHost host)
    {
        var service = host.Find(Route(http, "service"));
        await service.StartAsync(http.RequestAborted);
        await service.Settled.WaitAsync(http.RequestAborted);
        await AnswerAsync(http, host.Status(), ControlJson.Default.MeshStatus);
    }

    private static async Task FollowAsync(HttpContext http, MeshHost host)
    {
        var service = http.Request.Query["service"].ToString();
        if (service.Length > 0)
            host.Find(service);
        var lines = host.Hub.Follow(http.RequestAborted);
        await http.Response.StartAsync(http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
        await foreach (var line in lines.ReadAllAsync(http.RequestAborted))
        {
            if (service.Length == 0 || line.Service == service)
                await LineAsync(http, line, ControlJson.Default.LogLine);
        }
    }

    private static async Task WatchAsync(HttpContext http, MeshHost host)
    {
        async Task AttachedAsync()
        {
            await http.Response.StartAsync(http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }

        await foreach (var seen in EventTail.ReadAsync(host, http.Request.Query["topic"].ToString(), AttachedAsync, http.RequestAborted))
            await LineAsync(http, seen, ControlJson.Default.WatchedEvent);
    }

    private static async Task LineAsync<T>(HttpContext http, T value, JsonTypeInfo<T> type)
    {
        await http.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(value, type), http.RequestAborted);
        await http.Response.Body.WriteAsync("\n"u8.ToArray(), http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }

    private static Task AnswerAsync<T>(HttpContext http, T value, JsonTypeInfo<T> type) =>
        http.Response.WriteAsJsonAsync(value, type, cancellationToken: http.RequestAborted);

    private static string Route(HttpContext http, string name) => (string)http.Request.RouteValues[name]!;

    private static void Map(IEndpointRouteBuilder routes, string method, string pattern, RequestDelegate handle) =>
        routes.MapMethods(pattern, [method], handle);
}
