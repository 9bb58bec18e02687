using System.Globalization;
using System.Net.ServerSentEvents;

namespace HmsMesh.Services.Tests.Journey;

/// <summary>An open stream of server-sent events.</summary>
internal sealed class ServerSentEvents : IAsyncDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly CancellationTokenSource _limit;
    private readonly IAsyncEnumerator<SseItem<string>> _events;

    public ServerSentEvents(HttpResponseMessage answer, Stream body, TimeSpan within)
    {
        _answer = answer;
        _limit = new CancellationTokenSource(within);
        _events = SseParser.Create(body).EnumerateAsync(_limit.Token).GetAsyncEnumerator(_limit.Token);
    }

    public async Task<(string Event, long Id, string Data)> NextAsync()
    {
        (await _events.MoveNextAsync()).ShouldBeTrue("the stream ended");
        var item = _events.Current;
        return (item.EventType, long.TryParse(item.EventId, CultureInfo.InvariantCulture, out var id) ? id : 0, item.Data);
    }

    /// <summary>The next event of a kind, past others.</summary>
    public async Task<(string Event, long Id, string Data)> NextAsync(string kind)
    {
        while (true)
        {
            var next = await NextAsync();
            if (next.Event == kind)
                return next;
        }
    }

    /// <summary>Awaits that the service ends the stream.</summary>
    public async Task EndAsync()
    {
        while (await _events.MoveNextAsync())
        {
            // What was on its way.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _events.DisposeAsync();
        _answer.Dispose();
        _limit.Dispose();
    }
}
