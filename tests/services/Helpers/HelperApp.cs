using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace HmsMesh.Services.Tests.Helpers;

/// <summary>An instance of the counting service, as a process in Node or Python.</summary>
internal sealed class HelperApp : IAsyncDisposable
{
    public const string AppToken = "the-app-token";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ProcessStartInfo _start;
    private readonly HttpClient _http;
    private Process? _process;

    public HelperApp(ProcessStartInfo start, int port)
    {
        _start = start;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = Limit };
        _http.DefaultRequestHeaders.Add("dapr-api-token", AppToken);
    }

    public IReadOnlyCollection<string> Lines => _lines;

    public int Port => _http.BaseAddress!.Port;

    public async Task StartAsync()
    {
        var listens = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = _start };
        process.OutputDataReceived += (_, e) => Take(e.Data);
        process.ErrorDataReceived += (_, e) => Take(e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
        try
        {
            await listens.Task.WaitAsync(Limit);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException(string.Join('\n', _lines), e);
        }

        void Take(string? line)
        {
            if (line is null)
                return;
            _lines.Enqueue(line);
            if (line.Contains(" listens on port ", StringComparison.Ordinal))
                listens.TrySetResult();
        }
    }

    /// <summary>kill -9, in the middle of whatever it does.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process)
            return;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        _process = null;
    }

    /// <summary>How often the handler was begun for this event.</summary>
    public int Begun(string id) => _lines.Count(line => line.EndsWith($" begins {id}", StringComparison.Ordinal));

    /// <summary>Hands over an event as the sidecar would, and returns what the app says to it, and "already" where it says so.</summary>
    public async Task<string> DeliverAsync(string id, object data, CancellationToken ct) => await DeliverRawAsync(
        JsonSerializer.Serialize(new { specversion = "1.0", id, source = "tests", type = "gov.hms.order.placed.v1", topic = "order.placed", data }), ct);

    public async Task<string> DeliverRawAsync(string body, CancellationToken ct)
    {
        using var content = new StringContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents+json");
        using var answer = await _http.PostAsync(new Uri("/events/order.placed", UriKind.Relative), content, ct);
        var status = JsonElement.Parse(await answer.Content.ReadAsStringAsync(ct)).GetProperty("status").GetString()!;
        return answer.Headers.TryGetValues("mesh-handled", out var handled) ? $"{status} {handled.Single()}" : status;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _http.Dispose();
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"port {Port}:\n{string.Join('\n', _lines)}");
}
