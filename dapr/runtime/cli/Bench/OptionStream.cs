using System.Text.Json;
using System.Threading.Channels;

namespace HmsMesh.Cli.Bench;

/// <summary>Journey's stream of server-sent events, as a citizen's page reads it, for one facility.</summary>
internal sealed class OptionStream : IAsyncDisposable
{
    private const string Data = "data: ";
    private readonly Channel<OptionChange> _changes = Channel.CreateUnbounded<OptionChange>();
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _http;
    private readonly Stream _stream;
    private readonly string _facility;
    private readonly TimeProvider _time;
    private readonly Task _reading;

    private OptionStream(HttpClient http, Stream stream, string facility, TimeProvider time)
    {
        _http = http;
        _stream = stream;
        _facility = facility;
        _time = time;
        _reading = ReadAsync(_stop.Token);
    }

    public static async Task<OptionStream> OpenAsync(Uri address, string facility, TimeProvider time, CancellationToken cancellationToken)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, ActivityHeadersPropagator = null });
        try
        {
            return new OptionStream(http, await http.GetStreamAsync(address, cancellationToken), facility, time);
        }
        catch (HttpRequestException problem)
        {
            http.Dispose();
            throw new MeshException($"the page's stream at {address} can't be read: {problem.Message}");
        }
    }

    /// <summary>First how it is, then each change.</summary>
    public ValueTask<OptionChange> NextAsync(CancellationToken cancellationToken) => _changes.Reader.ReadAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stream.DisposeAsync();
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var reader = new StreamReader(_stream, leaveOpen: true);
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                var received = _time.GetTimestamp();
                if (line.StartsWith(Data, StringComparison.Ordinal)
                    && JsonSerializer.Deserialize(line.AsSpan(Data.Length), BenchJson.Default.OptionMessage) is { CanApply: { } canApply } message
                    && message.Facility == _facility)
                    _changes.Writer.TryWrite(new OptionChange(canApply, received));
            }

            _changes.Writer.TryComplete(new MeshException("journey ended the page's stream during the measurement."));
        }
        catch (Exception problem)
        {
            _changes.Writer.TryComplete(problem);
        }
    }
}
