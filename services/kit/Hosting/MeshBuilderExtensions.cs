using System.Net;
using HmsMesh.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace HmsMesh.Kit;

/// <summary>Puts the kit into a host.</summary>
internal static class MeshBuilderExtensions
{
    // Routes of services take small things; a large one belongs in the document service.
    private const long BodyBytes = 1 << 20;

    public static void AddMesh(this WebApplicationBuilder builder, MeshDefinition definition, string appId)
    {
        var readiness = new Readiness();
        AddLogging(builder, readiness);
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);

        // Bound late, so that a test's host can still set it.
        services.AddSingleton(p => MeshSettings.From(p.GetRequiredService<IConfiguration>(), appId));
        services.AddSingleton(definition);
        services.AddSingleton(definition.Json);
        services.AddSingleton(definition.Speech);
        services.AddSingleton(p => Database.Open(p.GetRequiredService<MeshSettings>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Instance>();
        services.AddSingleton<OutboxWriter>();
        services.AddSingleton<OutboxStore>();
        services.AddSingleton<RelaySender>();
        services.AddSingleton<Relay>();
        services.AddSingleton<Workshop>();
        services.AddSingleton<IWorkshop>(p => p.GetRequiredService<Workshop>());
        services.AddSingleton<Arrivals>();
        services.AddSingleton<Rehearsal>();
        services.AddSingleton(readiness);
        services.AddSingleton<MeshStats>();
        services.AddSingleton(p => new IncidentCounts(p.GetRequiredService<MeshStats>()));
        services.AddSingleton<Breakers>();
        services.AddDaprClient((p, dapr) =>
        {
            var settings = p.GetRequiredService<MeshSettings>();
            dapr.UseHttpEndpoint(settings.DaprEndpoint).UseDaprApiToken(settings.DaprToken ?? "");
        });
        if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 })
        {
            services.AddHostedService<Tracing>();
        }

        services.AddHostedService<MeshHost>();
        services.AddHostedService<Pruner>();
        services.AddHostedService<Upkeep>();
        services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(10));
        builder.WebHost.ConfigureKestrel((context, kestrel) => Listen(kestrel, MeshSettings.From(context.Configuration, appId)));
    }

    public static void UseMesh(this WebApplication app, MeshDefinition definition)
    {
        app.UseRouting();
        app.UseMiddleware<AppTokenMiddleware>();
        app.UseMiddleware<CallerMiddleware>();
        app.MapMesh(definition);
    }

    private static void Listen(KestrelServerOptions kestrel, MeshSettings settings)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = BodyBytes;
        if (settings.Port is { } port)
        {
            kestrel.Listen(IPAddress.Loopback, port);
        }
    }

    private static void AddLogging(WebApplicationBuilder builder, Readiness readiness)
    {
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);

        // A start that fails is told once, by whoever started the host.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => readiness.HasStarted && level >= LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", level => readiness.HasStarted && level >= LogLevel.Warning);
        builder.Logging.AddFilter("System", LogLevel.Warning);
        builder.Services.Configure<SimpleConsoleFormatterOptions>(o =>
        {
            o.SingleLine = true;
            o.UseUtcTimestamp = true;
            o.TimestampFormat = "HH:mm:ss.fff ";
            o.ColorBehavior = LoggerColorBehavior.Disabled;
        });
    }
}
