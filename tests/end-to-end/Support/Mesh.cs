using System.Text.Json;

namespace HmsMesh.EndToEnd.Tests.Support;

/// <summary>The real ./mesh of this clone on a data folder of its own, and the commands that reach it.</summary>
internal sealed class Mesh : IAsyncDisposable
{
    /// <summary>Generous: a first run builds, and the machine may be busy.</summary>
    public static readonly TimeSpan ToStart = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan ToReact = TimeSpan.FromSeconds(20);
    public static readonly TimeSpan ToEnd = TimeSpan.FromSeconds(30);

    /// <summary>The services of the capacity spike: what most tests need, and much sooner there than all of them.</summary>
    public static readonly string[] Afrh = ["capacity", "staffing", "supply-chain", "journey"];

    private readonly string _program;
    private Running? _up;

    private readonly IReadOnlyDictionary<string, string>? _environment;

    public Mesh(string? program = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        _program = program ?? Path.Combine(Repository.Root, "mesh");
        _environment = environment;
        Data = Directory.CreateTempSubdirectory("mesh-e2e-").FullName;
    }

    public string Data { get; }

    public Running Host => _up!;

    public async Task<Mesh> UpAsync(params string[] args)
    {
        _up = Start(["up", .. args]);
        await _up.LineAsync(line => line.StartsWith("service ", StringComparison.Ordinal), ToStart, "the table of services");
        await Eventually.TrueAsync(() => _up.Out.Any(line => line.Length == 0), ToReact, "the end of the table");
        return this;
    }

    public Running Start(params string[] args) => Running.Start(_program, [.. args, "--data", Data], _environment);

    public async Task<Ran> RunAsync(params string[] args)
    {
        await using var run = Start(args);
        return await run.EndAsync(ToStart);
    }

    public async Task<string> PublishAsync(string json, string topic = "afrh.capacity.low")
    {
        var ran = await RunAsync("publish", topic, json);
        ran.Code.ShouldBe(0, ran.Error);
        return ran.Out.Trim();
    }

    public async Task<JsonElement> StatusAsync()
    {
        var ran = await RunAsync("status", "--json");
        ran.Code.ShouldBe(0, ran.Error);
        return JsonDocument.Parse(ran.Out).RootElement;
    }

    public async Task<JsonElement> StatusAsync(string service) =>
        (await StatusAsync()).GetProperty("services").EnumerateArray().Single(one => one.GetProperty("service").GetString() == service);

    /// <summary>The API of the mesh's own sidecar.</summary>
    public async Task<HttpClient> OwnSidecarAsync()
    {
        var port = (await StatusAsync()).GetProperty("ownSidecar").GetProperty("port").GetInt32();
        var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        http.DefaultRequestHeaders.Add("dapr-api-token", await File.ReadAllTextAsync(Path.Combine(Data, "tokens", "mesh.api"), TestContext.Current.CancellationToken));
        return http;
    }

    /// <summary>The API of a service's sidecar, for what only that service may do.</summary>
    public async Task<HttpClient> SidecarAsync(string service)
    {
        var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{(await StatusAsync(service)).GetProperty("sidecarPort").GetInt32()}") };
        http.DefaultRequestHeaders.Add("dapr-api-token", await File.ReadAllTextAsync(Path.Combine(Data, "tokens", $"{service}.api"), TestContext.Current.CancellationToken));
        return http;
    }

    public async Task<IReadOnlyList<int>> PidsAsync() =>
        [.. (await StatusAsync()).GetProperty("services").EnumerateArray().Select(one => one.GetProperty("pid").GetInt32())];

    /// <summary>The service said that it handled the event.</summary>
    public Task<string> HandledAsync(string service, string id) =>
        Host.LineAsync(
            line => line.StartsWith(service + " ", StringComparison.Ordinal) && line.Contains("handled", StringComparison.Ordinal) && line.Contains(id, StringComparison.Ordinal),
            ToReact,
            $"{service} handling {id}");

    public async ValueTask DisposeAsync()
    {
        if (_up is not null)
            await _up.DisposeAsync();
        if (File.Exists(Path.Combine(Data, "run", "mesh.sock")))
            await RunAsync("down");
        Directory.Delete(Data, recursive: true);
    }
}
