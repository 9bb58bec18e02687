using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HmsMesh.Cli.Control;
using HmsMesh.Cli.Processes;
using HmsMesh.Sidecar;

namespace HmsMesh.Cli.Supervision.Sidecars;

/// <summary>A sidecar as a process.</summary>
internal sealed class SidecarProcess(SidecarPlan plan, Child child, SidecarLines lines, HttpClient http, ServiceTools tools) : ISidecar
{
    private static readonly TimeSpan SlowStart = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan ToTell = TimeSpan.FromSeconds(2);

    /// <summary>What it needs to end besides its grace for deliveries.</summary>
    private static readonly TimeSpan ToEnd = TimeSpan.FromSeconds(5);

    public int? Pid => child.Pid;

    public Task<string> Ended { get; } = EndAsync(child, lines);

    private string Address => $"http://127.0.0.1:{plan.Options.HttpPort}";

    /// <summary>Returns once its API listens, before which it has registered what is declared.</summary>
    public async Task ListensAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var listening = tools.Probe.UntilOkAsync(plan.Options.HttpPort, Address + "/v1.0/healthz/outbound", limit.Token);
        var first = await Task.WhenAny(listening, child.Ended, Task.Delay(SlowStart, tools.Time, limit.Token));
        await limit.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        if (first == child.Ended)
            throw new SidecarException(lines.Fault ?? $"the sidecar of {plan.Label} {await Ended} before it listened; 'mesh logs {plan.Label}' shows what it said.");
        if (first != listening)
            throw new SidecarException($"the sidecar of {plan.Label} runs but did not listen on port {plan.Options.HttpPort} within {SlowStart.TotalSeconds:0} s.");
    }

    public async Task<bool> ReadyAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ready = tools.Probe.UntilOkAsync(plan.Options.HttpPort, Address + "/v1.0/healthz", limit.Token);
        var first = await Task.WhenAny(ready, child.Ended);
        await limit.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return first == ready;
    }

    public async Task<IReadOnlyList<OpenCircuit>> CircuitsAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ToTell);
        try
        {
            using var request = Request(HttpMethod.Get, "/mesh/circuits");
            using var answer = await http.SendAsync(request, limit.Token);
            return answer.IsSuccessStatusCode
                ? await answer.Content.ReadFromJsonAsync(ControlJson.Default.IReadOnlyListOpenCircuit, limit.Token) ?? []
                : [];
        }
        catch (Exception silent) when (silent is HttpRequestException or JsonException)
        {
            return [];
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [];
        }
    }

    public async Task StopDeliveriesAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(plan.Options.GracefulShutdown + ToEnd);
        try
        {
            using var request = Request(HttpMethod.Post, "/mesh/deliveries/stop");
            using var answer = await http.SendAsync(request, limit.Token);
            if (answer.StatusCode != HttpStatusCode.NoContent)
                tools.Report($"{plan.Label}: its sidecar did not end its deliveries first (it answered {(int)answer.StatusCode}); an event may spend a try on the app that goes.");
        }
        catch (HttpRequestException)
        {
            // It is gone, and with it its deliveries.
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It hangs, and will be killed.
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        child.AskToEnd();
        await Task.WhenAny(child.Ended, Task.Delay(plan.Options.GracefulShutdown + ToEnd, tools.Time, cancellationToken));
        child.Kill();
        await child.Ended;
        cancellationToken.ThrowIfCancellationRequested();
    }

    public async ValueTask DisposeAsync()
    {
        child.Kill();
        await child.Ended;
        tools.Leftovers.Remove(child);
        child.Dispose();
    }

    private HttpRequestMessage Request(HttpMethod method, string path) =>
        new(method, Address + path) { Headers = { { "dapr-api-token", plan.Options.ApiToken } } };

    private static async Task<string> EndAsync(Child child, SidecarLines lines)
    {
        var code = await child.Ended;
        return code == 0 ? "was shut down" : lines.Fault is { } fault ? $"has failed: {fault.TrimEnd('.')}" : Obituary.How(code);
    }
}
