using HmsMesh.Broker;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Tests.Core;

/// <summary>A sidecar inside the test, over resource files in a folder of its own.</summary>
internal sealed class CoreHost : IAsyncDisposable
{
    private readonly BrokerPool _brokers;

    private CoreHost(Folder folder, CapturedLog log, BrokerPool brokers, MeshSidecar sidecar)
    {
        Folder = folder;
        Log = log;
        Sidecar = sidecar;
        _brokers = brokers;
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{sidecar.HttpPort}"), Timeout = TimeSpan.FromSeconds(20) };
    }

    public Folder Folder { get; }

    public CapturedLog Log { get; }

    public MeshSidecar Sidecar { get; }

    public HttpClient Http { get; }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts it, and waits until it is ready where it has no app.</summary>
    public static async Task<CoreHost> StartAsync(
        Dictionary<string, string> files, Func<SidecarOptions, SidecarOptions>? change = null, TimeProvider? time = null)
    {
        var folder = new Folder(files);
        try
        {
            return await StartAsync(folder, new CapturedLog(), change, time);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public static async Task<CoreHost> StartAsync(
        Folder folder, CapturedLog log, Func<SidecarOptions, SidecarOptions>? change = null, TimeProvider? time = null)
    {
        var options = new SidecarOptions
        {
            AppId = "app",
            HttpPort = 0,
            ResourcesPaths = [folder.Path],
            DataPath = System.IO.Path.Combine(folder.Path, "data"),
            GracefulShutdown = TimeSpan.FromSeconds(5),
        };
        options = change?.Invoke(options) ?? options;
        var brokers = new BrokerPool(log);
        var sidecar = await MeshSidecar.StartAsync(options, new SidecarServices(log, brokers, time ?? TimeProvider.System), Token);
        if (options.AppPort is null)
        {
            await sidecar.Ready.WaitAsync(TimeSpan.FromSeconds(10), Token);
        }

        return new CoreHost(folder, log, brokers, sidecar);
    }

    /// <summary>Why the sidecar doesn't start with these files.</summary>
    public static async Task<string> FaultAsync(Dictionary<string, string> files, Func<SidecarOptions, SidecarOptions>? change = null) =>
        (await Should.ThrowAsync<SidecarException>(async () => await StartAsync(files, change))).Message;

    /// <summary>A Component file.</summary>
    public static string Component(string name, string type, params string[] metadata) => $"""
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata:
          name: {name}
        spec:
          type: {type}
          version: v1
          metadata: [{string.Join(", ", metadata.Select(static item => $"{{{item}}}"))}]
        """;

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Sidecar.DisposeAsync();
        await _brokers.DisposeAsync();
        Log.Dispose();
        Folder.Dispose();
    }
}
