using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace HmsMesh.Cli.Chaos.Kill;

/// <summary>One publisher: lanes side by side, each event after the one before it was accepted, sent again until it is.</summary>
internal sealed class KillPublisher(KillPlan plan, string app, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2) }) { Timeout = TimeSpan.FromSeconds(15) };
    private readonly StreamWriter _published = new(Path.Combine(plan.Published, app)) { AutoFlush = true };
    private readonly Lock _gate = new();
    private int _accepted;
    private int _refused;

    public string App => app;

    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Answers that were no acceptance, dropped connections among them.</summary>
    public int Refused => Volatile.Read(ref _refused);

    public string? LastProblem { get; private set; }

    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(Enumerable.Range(1, KillPlan.LanesOfPublisher).Select(lane =>
        LaneAsync(string.Create(CultureInfo.InvariantCulture, $"{app}-{lane}"), cancellationToken)));

    /// <summary>The ids in a publisher's list.</summary>
    public static IEnumerable<string> Read(string path) => File.ReadLines(path).Where(static line => line.EndsWith('.')).Select(static line => line[..^1]);

    public void Dispose()
    {
        _http.Dispose();
        _published.Dispose();
    }

    private async Task LaneAsync(string lane, CancellationToken cancellationToken)
    {
        for (var number = 0; number < plan.PerLane; number++)
        {
            var id = EventId.Make(lane, number);
            while (!await IsAcceptedAsync(id, lane, number, cancellationToken))
            {
                Interlocked.Increment(ref _refused);
                await Task.Delay(Again, time, cancellationToken);
            }

            lock (_gate)
            {
                _published.Write(id + ".\n");
            }

            Interlocked.Increment(ref _accepted);
        }
    }

    private async Task<bool> IsAcceptedAsync(string id, string lane, int number, CancellationToken cancellationToken)
    {
        var body = string.Create(CultureInfo.InvariantCulture,
            $$$"""{"specversion":"1.0","id":"{{{id}}}","source":"chaos","type":"chaos.order.v1","subject":"{{{lane}}}","datacontenttype":"application/json","data":{"number":{{{number}}}}}""");
        using var content = new ByteArrayContent(Encoding.ASCII.GetBytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents+json");
        try
        {
            var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{plan.Ports[app]}/v1.0/publish/{KillPlan.PubSub}/{KillPlan.Topic}");
            using var answer = await _http.PostAsync(address, content, cancellationToken);
            if (answer.StatusCode == System.Net.HttpStatusCode.NoContent)
            {
                return true;
            }

            LastProblem = $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellationToken)}";
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // Its sidecar, or the writer behind it, was killed: whether the event is there is unknown, so it is sent again.
            LastProblem = e.Message;
        }

        return false;
    }
}
