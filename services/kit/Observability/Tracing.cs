using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace HmsMesh.Kit;

/// <summary>Sends spans to where OTEL_EXPORTER_OTLP_ENDPOINT says; registered only where it says so, so that nobody else pays for it.</summary>
internal sealed class Tracing(MeshSettings settings) : IHostedService, IDisposable
{
    private TracerProvider? _provider;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _provider = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(r => r.AddService(settings.AppId))
            .AddSource(Telemetry.SourceName)
            .AddAspNetCoreInstrumentation()
            .AddHttpClientInstrumentation()
            .AddOtlpExporter(Configure)
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _provider?.ForceFlush(1000);
        return Task.CompletedTask;
    }

    public void Dispose() => _provider?.Dispose();

    private void Configure(OtlpExporterOptions options)
    {
        var overHttp = settings.OtlpProtocol == "http/protobuf";
        options.Protocol = overHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        options.Endpoint = new Uri(settings.OtlpEndpoint!.TrimEnd('/') + (overHttp ? "/v1/traces" : "/"));
    }
}
