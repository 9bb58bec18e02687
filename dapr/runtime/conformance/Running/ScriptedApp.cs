using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Conformance.Running;

/// <summary>An application behind a sidecar: answers from a script and remembers each request.</summary>
internal sealed class ScriptedApp(int port, JsonElement script, Func<string, string> fill, TimeProvider time) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<AppRequest> _requests = [];
    private readonly Dictionary<string, int> _turns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonElement> _answers = Routes(script);
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication? _app;

    public int Port => port;

    public bool StartsDown => script.TryGetProperty("starts_down", out var down) && down.GetBoolean();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.AddServerHeader = false;
        });
        _app = builder.Build();
        _app.Run(AnswerAsync);
        await _app.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends at once, open connections included, as an app does that dies.</summary>
    public async Task StopAsync()
    {
        if (_app is null) return;
        var app = _app;
        _app = null;
        await app.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        await app.DisposeAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    public IReadOnlyList<AppRequest> Matching(string path)
    {
        lock (_gate) return [.. _requests.Where(r => r.Path == path)];
    }

    /// <summary>Answers otherwise from now on.</summary>
    public void Answer(string route, JsonElement answers)
    {
        lock (_gate)
        {
            _answers[route] = answers;
            _turns.Clear();
        }
    }

    /// <summary>Waits until a condition on the requests holds, or the time is over.</summary>
    public async Task WaitAsync(Func<bool> holds, TimeSpan within, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            Task arrived;
            lock (_gate) arrived = _arrived.Task;
            var left = within - time.GetElapsedTime(start);
            if (holds() || left <= TimeSpan.Zero) return;
            try
            {
                await arrived.WaitAsync(left, time, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                return;
            }
        }
    }

    private static Dictionary<string, JsonElement> Routes(JsonElement script) => script.TryGetProperty("routes", out var routes)
        ? routes.EnumerateObject().ToDictionary(r => r.Name, r => r.Value, StringComparer.Ordinal)
        : new Dictionary<string, JsonElement>(StringComparer.Ordinal);

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var question = target.IndexOf('?', StringComparison.Ordinal);
        var request = new AppRequest(
            time.GetTimestamp(), context.Request.Method, question < 0 ? target : target[..question], question < 0 ? string.Empty : target[(question + 1)..],
            [.. context.Request.Headers.Select(h => KeyValuePair.Create(h.Key, string.Join(", ", (IEnumerable<string?>)h.Value)))], body.ToArray());
        var answer = Take(request);
        if (answer.Delay > TimeSpan.Zero) await Task.Delay(answer.Delay, time, context.RequestAborted).ConfigureAwait(false);
        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers) context.Response.Headers[name] = value;
        if (answer.Status is not (204 or 304)) context.Response.ContentLength = answer.Body.Length;
        if (request.Method != "HEAD" && answer.Body.Length > 0 && answer.Status is not (204 or 304))
            await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted).ConfigureAwait(false);
    }

    private AppAnswer Take(AppRequest request)
    {
        lock (_gate)
        {
            _requests.Add(request);
            var before = _arrived;
            _arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            before.SetResult();
            if (request.Path == "/dapr/subscribe" && script.TryGetProperty("subscribe", out var subscriptions))
                return AppAnswer.Json(Encoding.UTF8.GetBytes(fill(PlainJson.Write(subscriptions))));
            var key = $"{request.Method} {request.Path}";
            if (!_answers.ContainsKey(key)) key = request.Path;
            if (!_answers.TryGetValue(key, out var answers)) return AppAnswer.NotFound;
            var turn = _turns.GetValueOrDefault(key);
            _turns[key] = turn + 1;
            return AppAnswer.Of(answers[Math.Min(turn, answers.GetArrayLength() - 1)], request);
        }
    }
}
