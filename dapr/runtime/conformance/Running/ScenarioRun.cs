using System.Text.Json;
using System.Text.Json.Nodes;

namespace HmsMesh.Conformance.Running;

/// <summary>One scenario against one sidecar program: everything it starts ends with it.</summary>
internal sealed class ScenarioRun : IAsyncDisposable
{
    private static readonly TimeSpan ToEnd = TimeSpan.FromSeconds(10);

    private readonly Scenario _scenario;
    private readonly ConformanceOptions _options;
    private readonly double _pace;
    private readonly Dictionary<string, ScriptedApp> _apps;

    public ScenarioRun(Scenario scenario, ConformanceOptions options, double pace)
    {
        (_scenario, _options, _pace) = (scenario, options, pace);
        Places = new ScenarioPlaces(scenario, options.Servers);
        Masks = new Masks(scenario, Places, options.Time);
        Launcher = new SidecarLauncher(scenario, options, Places);
        _apps = scenario.Sidecars.Where(s => s.App is not null).ToDictionary(
            s => s.Id, s => new ScriptedApp(Places.Apps[s.Id], s.App!.Value, Places.Fill, options.Time), StringComparer.Ordinal);
    }

    public ScenarioPlaces Places { get; }

    public Masks Masks { get; }

    public SidecarLauncher Launcher { get; }

    public HttpCaller Http { get; } = new();

    public TimeProvider Time => _options.Time;

    public ScriptedApp App(string id) => _apps[id];

    public ScenarioSidecar Sidecar(string id) => _scenario.Sidecar(id);

    /// <summary>So many seconds, at this run's pace.</summary>
    public TimeSpan Paced(double seconds) => TimeSpan.FromSeconds(seconds * _pace);

    public async Task<IReadOnlyList<JsonNode?>> RunAsync(CancellationToken cancellationToken)
    {
        if (_scenario.Mtls) await Launcher.StartAuthorityAsync(cancellationToken).ConfigureAwait(false);
        foreach (var stream in _scenario.Streams)
            await JetStream.MakeAsync(_options.Servers["nats"], Places.Fill(PlainJson.Write(stream)), cancellationToken).ConfigureAwait(false);
        foreach (var app in _apps.Values.Where(a => !a.StartsDown)) await app.StartAsync(cancellationToken).ConfigureAwait(false);
        var first = _scenario.Sidecars.Where(s => !s.StartsLater && !s.Alone).ToList();
        foreach (var sidecar in first) Launcher.Launch(sidecar);
        foreach (var sidecar in first) await ReadyAsync(sidecar, cancellationToken).ConfigureAwait(false);
        await Task.Delay(Paced(_scenario.WarmUp), Time, cancellationToken).ConfigureAwait(false);
        var steps = new StepRunner(this);
        var results = new List<JsonNode?>();
        foreach (var step in _scenario.Steps) results.Add(await steps.RunAsync(step, cancellationToken).ConfigureAwait(false));
        return results;
    }

    /// <summary>Waits until a sidecar is healthy, where the scenario has it so.</summary>
    public async Task ReadyAsync(ScenarioSidecar sidecar, CancellationToken cancellationToken)
    {
        const int within = 30;
        if (!sidecar.Ready) return;
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        if (sidecar.Env.TryGetValue("DAPR_API_TOKEN", out var token)) headers["dapr-api-token"] = token;
        var start = Time.GetTimestamp();
        while (Time.GetElapsedTime(start) < Paced(within))
        {
            if (Launcher.Processes[sidecar.Id].HasEnded)
                throw new ScenarioException($"sidecar {sidecar.Id} ended with {Launcher.Processes[sidecar.Id].ExitCode}: {Launcher.EndOfLog(sidecar.Id)}");
            try
            {
                var reply = await Http.CallAsync(
                    Places.Http[sidecar.Id], "GET", "/v1.0/healthz", headers, body: null, TimeSpan.FromSeconds(1), cancellationToken).ConfigureAwait(false);
                if (reply.Status == 204) return;
            }
            catch (Exception e) when (e is HttpRequestException or TimeoutException)
            {
                // Not listening yet: another process tells nothing else.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), Time, cancellationToken).ConfigureAwait(false);
        }

        throw new ScenarioException($"sidecar {sidecar.Id} not healthy in {within} s: {Launcher.EndOfLog(sidecar.Id)}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Launcher.Processes.Values) process.Stop();
        foreach (var process in Launcher.Processes.Values)
        {
            await process.WaitAsync(ToEnd, Time, CancellationToken.None).ConfigureAwait(false);
            process.Dispose();
        }

        if (_options.Logs is { } folder) Launcher.KeepLogs(folder);
        foreach (var app in _apps.Values) await app.DisposeAsync().ConfigureAwait(false);
        Http.Dispose();
        Directory.Delete(Places.Folder, recursive: true);
    }
}
