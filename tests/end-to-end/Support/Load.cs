using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace HmsMesh.EndToEnd.Tests.Support;

/// <summary>Publishes to the mesh's own sidecar, for each of some facilities one event after another, each until it is accepted.</summary>
internal sealed class Load : IAsyncDisposable
{
    private static readonly string[] Facilities = ["gulfport", "washington", "one", "two", "three", "four"];
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(25);

    private const string Publish = "/v1.0/publish/pubsub/afrh.capacity.low";
    private readonly HttpClient _http;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _accepted = new();
    private readonly Task _running;
    private long _sequence = DateTimeOffset.UnixEpoch.Ticks;

    private Load(HttpClient http)
    {
        _http = http;
        _running = Task.WhenAll(Facilities.Select(facility => RunAsync(facility, _stop.Token)));
    }

    public int Accepted => _accepted.Count;

    /// <summary>The ids of those accepted so far.</summary>
    public IReadOnlyList<string> Now => [.. _accepted];

    public static async Task<Load> StartAsync(Mesh mesh) => new(await mesh.OwnSidecarAsync());

    /// <summary>So many more are accepted.</summary>
    public Task MoreAsync(int count)
    {
        var until = Accepted + count;
        return Eventually.TrueAsync(() => Accepted >= until || _running.IsFaulted, Mesh.ToReact, $"{count} more accepted events");
    }

    /// <summary>The ids of all that were accepted.</summary>
    public async Task<IReadOnlyList<string>> EndAsync()
    {
        await _stop.CancelAsync();
        await _running;
        return [.. _accepted];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(string facility, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var id = Guid.NewGuid().ToString();
            var content = JsonSerializer.SerializeToUtf8Bytes(new
            {
                specversion = "1.0",
                id,
                source = "load",
                type = "gov.hms.afrh.capacity.low.v1",
                subject = facility,
                datacontenttype = "application/json",
                sequence = Interlocked.Increment(ref _sequence).ToString("D19", CultureInfo.InvariantCulture),
                data = new { facility, bedsFree = 4 },
            });

            // Whoever was not told that it is accepted says it again: the same id is the same event.
            while (!await TryAsync(content))
                await Task.Delay(Pace, TimeProvider.System, CancellationToken.None);
            _accepted.Enqueue(id);
            await Task.Delay(Pace, TimeProvider.System, CancellationToken.None);
        }
    }

    private async Task<bool> TryAsync(byte[] content)
    {
        try
        {
            using var body = new ByteArrayContent(content);
            body.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents+json");
            using var answer = await _http.PostAsync(Publish, body, TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode
                || (answer.StatusCode is System.Net.HttpStatusCode.InternalServerError or System.Net.HttpStatusCode.ServiceUnavailable
                    ? false
                    : throw new InvalidOperationException($"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)} for {Encoding.UTF8.GetString(content)}"));
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
