using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HmsMesh.Conformance.Running;

/// <summary>Does the steps of a scenario, and gives the result of each that has one.</summary>
internal sealed class StepRunner(ScenarioRun run)
{
    private static readonly TimeSpan BetweenCalls = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ToAnswer = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ToDie = TimeSpan.FromSeconds(20);

    private readonly DeliverySteps _deliveries = new(run);

    public async Task<JsonNode?> RunAsync(JsonElement step, CancellationToken cancellationToken)
    {
        var (kind, argument) = step.EnumerateObject().Select(p => (p.Name, p.Value)).Single();
        switch (kind)
        {
            case "call":
                return await CallAsync(argument, cancellationToken).ConfigureAwait(false);
            case "burst":
                return await BurstAsync(argument, cancellationToken).ConfigureAwait(false);
            case "deliveries":
                return await _deliveries.DeliveriesAsync(argument, cancellationToken).ConfigureAwait(false);
            case "values":
                return await _deliveries.ValuesAsync(argument, cancellationToken).ConfigureAwait(false);
            case "total":
                return await _deliveries.TotalAsync(argument, cancellationToken).ConfigureAwait(false);
            case "exit":
                return await ExitAsync(argument, cancellationToken).ConfigureAwait(false);
            case "pause":
                await Task.Delay(TimeSpan.FromSeconds(argument.GetDouble()), run.Time, cancellationToken).ConfigureAwait(false);
                return null;
            case "kill" or "stop":
                await EndAsync(argument.GetString()!, kill: kind == "kill", cancellationToken).ConfigureAwait(false);
                return null;
            case "start":
                var sidecar = run.Sidecar(argument.GetString()!);
                run.Launcher.Launch(sidecar);
                await run.ReadyAsync(sidecar, cancellationToken).ConfigureAwait(false);
                return null;
            case "app_down":
                await run.App(argument.GetString()!).StopAsync().ConfigureAwait(false);
                return null;
            case "app_up":
                await run.App(argument.GetString()!).StartAsync(cancellationToken).ConfigureAwait(false);
                return null;
            case "answer":
                run.App(argument.GetProperty("sidecar").GetString()!).Answer(argument.GetProperty("route").GetString()!, argument.GetProperty("answers"));
                return null;
            case "write":
                var file = Path.Combine(run.Places.Resources, argument.GetProperty("file").GetString()!);
                await File.WriteAllTextAsync(file, run.Places.Fill(argument.GetProperty("text").GetString()!), cancellationToken).ConfigureAwait(false);
                return null;
            case "remove":
                File.Delete(Path.Combine(run.Places.Resources, argument.GetString()!));
                return null;
            default:
                throw new ScenarioException($"a step of a kind that there is none of: {kind}");
        }
    }

    private async Task<JsonNode> CallAsync(JsonElement call, CancellationToken cancellationToken)
    {
        var until = call.TryGetProperty("until", out var status) ? status.GetInt32() : (int?)null;
        var within = run.Paced(call.TryGetProperty("within", out var seconds) ? seconds.GetDouble() : 10);
        var start = run.Time.GetTimestamp();
        while (true)
        {
            var isLast = until is null || run.Time.GetElapsedTime(start) > within;
            string? failure = null;
            HttpReply? reply = null;
            try
            {
                reply = await SendAsync(call, cancellationToken).ConfigureAwait(false);
            }
            catch (HttpRequestException e)
            {
                failure = e.HttpRequestError == HttpRequestError.ResponseEnded && e.InnerException is not IOException ? "IncompleteRead" : "no connection";
            }
            catch (TimeoutException)
            {
                failure = "TimeoutError";
            }

            if (reply is not null && (isLast || reply.Status == until)) return Result(call, reply);
            if (failure is not null && isLast) return new JsonObject { ["status"] = failure };
            await Task.Delay(BetweenCalls, run.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private JsonObject Result(JsonElement call, HttpReply reply)
    {
        var result = new JsonObject { ["status"] = reply.Status, ["headers"] = run.Masks.Headers(reply.Headers), ["body"] = run.Masks.Body(reply.Body) };
        if (!call.TryGetProperty("only", out var only)) return result;
        var kept = only.EnumerateArray().Select(k => k.GetString()).ToHashSet();
        foreach (var name in result.Select(m => m.Key).Where(k => !kept.Contains(k)).ToList()) result.Remove(name);
        return result;
    }

    private Task<HttpReply> SendAsync(JsonElement call, CancellationToken cancellationToken)
    {
        var headers = call.TryGetProperty("headers", out var given)
            ? given.EnumerateObject().ToDictionary(h => h.Name, h => h.Value.GetString()!, StringComparer.OrdinalIgnoreCase)
            : new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var text = call.TryGetProperty("body", out var body) ? BodyOf(body, headers) : null;
        var port = call.TryGetProperty("app", out var app) ? run.Places.Apps[app.GetString()!]
            : call.TryGetProperty("sidecar", out var sidecar) ? run.Places.Http[sidecar.GetString()!]
            : int.Parse(run.Places.Fill(call.GetProperty("port").GetString()!), System.Globalization.CultureInfo.InvariantCulture);
        var method = call.TryGetProperty("method", out var verb) ? verb.GetString()! : "POST";
        var bytes = text is null ? null : Encoding.UTF8.GetBytes(run.Places.Fill(text));
        return run.Http.CallAsync(port, method, run.Places.Fill(call.GetProperty("path").GetString()!), headers, bytes, ToAnswer, cancellationToken);
    }

    private static string? BodyOf(JsonElement body, Dictionary<string, string> headers)
    {
        if (body.ValueKind == JsonValueKind.Null) return null;
        if (body.ValueKind == JsonValueKind.String) return body.GetString();
        if (body.ValueKind == JsonValueKind.Object && body.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal).SequenceEqual(["repeat", "times"]))
            return string.Concat(Enumerable.Repeat(body.GetProperty("repeat").GetString(), body.GetProperty("times").GetInt32()));
        headers.TryAdd("Content-Type", "application/json");
        return PlainJson.Write(body);
    }

    private async Task<JsonNode> BurstAsync(JsonElement burst, CancellationToken cancellationToken)
    {
        var statuses = new JsonArray();
        for (var i = burst.GetProperty("times").GetInt32(); i > 0; i--)
        {
            if (burst.TryGetProperty("wait", out var wait))
                await Task.Delay(TimeSpan.FromSeconds(wait.GetDouble()), run.Time, cancellationToken).ConfigureAwait(false);
            try
            {
                statuses.Add((await SendAsync(burst.GetProperty("call"), cancellationToken).ConfigureAwait(false)).Status);
            }
            catch (Exception e) when (e is HttpRequestException or TimeoutException)
            {
                throw new ScenarioException($"a call of a burst had no answer: {e.Message}", e);
            }
        }

        return statuses;
    }

    private async Task<JsonNode> ExitAsync(JsonElement exit, CancellationToken cancellationToken)
    {
        var process = run.Launcher.Processes[exit.GetProperty("sidecar").GetString()!];
        var within = run.Paced(exit.TryGetProperty("within", out var seconds) ? seconds.GetDouble() : 10);
        return await process.WaitAsync(within, run.Time, cancellationToken).ConfigureAwait(false)
            ? new JsonObject { ["ended"] = true, ["failed"] = process.ExitCode != 0 }
            : new JsonObject { ["ended"] = false };
    }

    private async Task EndAsync(string id, bool kill, CancellationToken cancellationToken)
    {
        var process = run.Launcher.Processes[id];
        if (kill) process.Kill();
        else process.Stop();
        if (!await process.WaitAsync(ToDie, run.Time, cancellationToken).ConfigureAwait(false)) throw new ScenarioException($"sidecar {id} did not end");
    }
}
