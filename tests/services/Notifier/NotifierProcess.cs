using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using HmsMesh.Broker;
using HmsMesh.Kit.Tests;
using HmsMesh.Services.Tests.Helpers;
using HmsMesh.Sidecar;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Services.Tests.Notifier;

/// <summary>The notifier as a process in Node, with a sidecar that has a state store. Deliveries come from the test.</summary>
public sealed class NotifierProcess : IAsyncLifetime
{
    private const string AppToken = "the-app-token";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("notifier-");
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly BrokerPool _brokers = new(NullLoggerFactory.Instance);
    private MeshSidecar? _sidecar;
    private Process? _process;

    /// <summary>Why it does not run; null where it does.</summary>
    public string? Missing { get; private set; }

    public TestIssuer Issuer { get; private set; } = null!;

    public HttpClient Http { get; } = new();

    public IReadOnlyCollection<string> Lines => _lines;

    private static string Services => Path.Combine(Runtimes.Root, "services");

    public async ValueTask InitializeAsync()
    {
        Missing = await Runtimes.MissingAsync("node") ?? await Runtimes.InstallAsync(Path.Combine(Services, "notifier"));
        if (Missing is not null)
            return;
        Issuer = await TestIssuer.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "state.yaml"), """
            apiVersion: dapr.io/v1alpha1
            kind: Component
            metadata:
              name: statestore
            spec:
              type: state.in-memory
              version: v1
              metadata: []
            """);
        var options = new SidecarOptions
        {
            AppId = "notifier",
            HttpPort = 0,
            ResourcesPaths = [_folder.FullName],
            DataPath = _folder.CreateSubdirectory("data").FullName,
            ApiToken = "the-api-token",
        };
        _sidecar = await MeshSidecar.StartAsync(options, new SidecarServices(NullLoggerFactory.Instance, _brokers, TimeProvider.System, new SidecarDirectory()), CancellationToken.None);
        Http.BaseAddress = new Uri($"http://127.0.0.1:{await StartAsync(_sidecar.HttpPort)}");
        Http.DefaultRequestHeaders.Add("dapr-api-token", AppToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        if (_sidecar is not null)
            await _sidecar.DisposeAsync();
        await _brokers.DisposeAsync();
        if (Issuer is not null)
            await Issuer.DisposeAsync();
        Http.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>Hands over an event as the sidecar would, and returns what the app says to it.</summary>
    public async Task<string> DeliverAsync(string topic, string id, object data, CancellationToken ct)
    {
        var body = new { specversion = "1.0", id, source = "tests", type = $"gov.hms.{topic}.v1", topic, time = "2026-11-27T12:00:00Z", data };
        using var content = new StringContent(JsonSerializer.Serialize(body));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents+json");
        using var answer = await Http.PostAsync(new Uri($"/events/{topic}", UriKind.Relative), content, ct);
        return await answer.Content.ReadAsStringAsync(ct);
    }

    public async Task<HttpResponseMessage> MessagesAsync(string? token, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/messages");
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await Http.SendAsync(request, ct);
    }

    public int Mails(string citizen) => _lines.Count(l => l.EndsWith($" Email sent to citizen {citizen}", StringComparison.Ordinal));

    private async Task<int> StartAsync(int sidecarPort)
    {
        var start = new ProcessStartInfo("node", "index.js") { WorkingDirectory = Path.Combine(Services, "notifier"), UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["APP_ID"] = "notifier";
        start.Environment["APP_PORT"] = "0";
        start.Environment["APP_API_TOKEN"] = AppToken;
        start.Environment["DAPR_HTTP_PORT"] = sidecarPort.ToString(CultureInfo.InvariantCulture);
        start.Environment["DAPR_HTTP_ENDPOINT"] = $"http://127.0.0.1:{sidecarPort}";
        start.Environment["DAPR_API_TOKEN"] = "the-api-token";
        start.Environment["Auth__Issuer"] = Issuer.Address;
        var port = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Take(e.Data);
        _process.ErrorDataReceived += (_, e) => Take(e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        return await port.Task.WaitAsync(Limit);

        void Take(string? line)
        {
            if (line is null)
                return;
            _lines.Enqueue(line);
            if (line.Contains("notifier listens on port ", StringComparison.Ordinal))
                port.TrySetResult(int.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
        }
    }
}
