using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using HmsMesh.Cli.Control;

namespace HmsMesh.Cli.Bench;

/// <summary>Reads what the services log once an event's effects are committed: its id, and its age at that moment by their own clock.</summary>
internal sealed partial class ReactionLog : IAsyncDisposable
{
    private readonly Channel<Reaction> _reactions = Channel.CreateUnbounded<Reaction>();
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpResponseMessage _answer;
    private readonly Task _reading;

    private ReactionLog(HttpResponseMessage answer)
    {
        _answer = answer;
        _reading = ReadAsync(_stop.Token);
    }

    /// <summary>Returns once no line can be missed.</summary>
    public static async Task<ReactionLog> OpenAsync(ControlClient mesh, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/logs?service=");
        return new ReactionLog(await mesh.SendAsync(request, cancellationToken));
    }

    /// <summary>The next one of any service and event.</summary>
    public ValueTask<Reaction> NextAsync(CancellationToken cancellationToken) => _reactions.Reader.ReadAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _answer.Dispose();
        _stop.Dispose();
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var reader = new StreamReader(await _answer.Content.ReadAsStreamAsync(cancellationToken));
            while (await reader.ReadLineAsync(cancellationToken) is { } text)
            {
                var line = JsonSerializer.Deserialize(text, ControlJson.Default.LogLine)!;
                var match = Handled().Match(line.Text);
                if (match.Success)
                    _reactions.Writer.TryWrite(new Reaction(line.Service.Split('#')[0], match.Groups["id"].Value, Milliseconds(match.Groups["ms"].Value)));
            }

            _reactions.Writer.TryComplete(new MeshException("the mesh ended during the measurement."));
        }
        catch (Exception problem)
        {
            _reactions.Writer.TryComplete(problem);
        }
    }

    private static TimeSpan Milliseconds(string text) => TimeSpan.FromMilliseconds(double.Parse(text, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"\bhandled \S+ (?<id>\S+) (?<ms>-?[\d.]+) ms after it was said", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Handled();
}
