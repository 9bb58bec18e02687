using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace HmsMesh.Kit;

/// <summary>The routes that every service has.</summary>
internal static class MeshEndpoints
{
    public static void MapMesh(this IEndpointRouteBuilder app, MeshDefinition definition)
    {
        var services = app.ServiceProvider;
        var readiness = services.GetRequiredService<Readiness>();
        app.MapGet("/healthz", http => HealthAsync(http, readiness)).Public();
        app.MapGet("/mesh/stats", StatsAsync);
        foreach (var topic in definition.Hearings.GroupBy(h => h.Topic, StringComparer.Ordinal))
        {
            var endpoint = new EventEndpoint(topic.Key, [.. topic], services.GetRequiredService<Arrivals>(), services.GetRequiredService<Rehearsal>());
            app.MapPost($"/events/{topic.Key}", endpoint.HandleAsync);
        }
    }

    private static Task HealthAsync(HttpContext http, Readiness readiness)
    {
        http.Response.StatusCode = readiness.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = "text/plain";
        return http.Response.WriteAsync(readiness.IsReady ? "ready" : "starting", http.RequestAborted);
    }

    private static async Task StatsAsync(HttpContext http)
    {
        var services = http.RequestServices;
        var waiting = await services.GetRequiredService<OutboxStore>().CountWaitingAsync(http.RequestAborted).ConfigureAwait(false);
        http.Response.ContentType = "application/json";
        var writer = new Utf8JsonWriter(http.Response.BodyWriter);
        await using (writer.ConfigureAwait(false))
        {
            writer.WriteStartObject();
            writer.WriteString("app", services.GetRequiredService<MeshSettings>().AppId);
            writer.WriteNumber("pid", Environment.ProcessId);
            services.GetRequiredService<MeshStats>().Write(writer);
            writer.WriteNumber("waiting", waiting);
            writer.WriteStartObject("breakers");
            foreach (var breaker in services.GetRequiredService<Breakers>().All)
            {
                writer.WriteString(breaker.Name, breaker.State.ToString());
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }
    }
}
