using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace HmsMesh.Cli.Chaos.Payout;

/// <summary>Posts claims through the gateway, several lanes side by side, each claim again until it is answered 201.</summary>
internal sealed class ClaimPoster : IDisposable
{
    private const int ReplayedInHundred = 5;
    private const int MostFaults = 20;
    private const int LongestProblem = 500;
    private const string KeyHeader = "Idempotency-Key";
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly PayoutPlan _plan;
    private readonly CitizenTokens _tokens;
    private readonly Func<int> _kills;
    private readonly TimeProvider _time;
    private readonly DateOnly _today;
    private readonly Uri _claims;
    private readonly HttpClient _http;
    private readonly StreamWriter _list;
    private readonly Lock _gate = new();
    private readonly List<PostedClaim> _posted = [];
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentDictionary<string, int> _others = new(StringComparer.Ordinal);
    private int _next = -1;
    private int _approved;

    /// <param name="gateway">Its address.</param>
    /// <param name="list">The file that gets a line for each claim that was answered.</param>
    /// <param name="kills">How many were killed so far.</param>
    public ClaimPoster(PayoutPlan plan, string gateway, string list, CitizenTokens tokens, Func<int> kills, TimeProvider time)
    {
        (_plan, _tokens, _kills, _time) = (plan, tokens, kills, time);
        _today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        _claims = new Uri(gateway + "/api/claims");
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ActivityHeadersPropagator = null })
        {
            Timeout = TimeSpan.FromSeconds(30),
        };
        _list = new StreamWriter(list) { AutoFlush = true };
    }

    public int Count
    {
        get
        {
            lock (_gate)
                return _posted.Count;
        }
    }

    /// <summary>Of those that were answered, how many the rules approve.</summary>
    public int Approved
    {
        get
        {
            lock (_gate)
                return _approved;
        }
    }

    /// <summary>Answers that were no 201, by status; "none" for dropped connections.</summary>
    public IReadOnlyDictionary<string, int> OtherAnswers => _others;

    /// <summary>Forms that were sent again, once for each time.</summary>
    public int SentAgain => _others.Values.Sum();

    public string? LastProblem { get; private set; }

    /// <summary>Answers that must not be.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    public IReadOnlyList<PostedClaim> Posted
    {
        get
        {
            lock (_gate)
                return [.. _posted];
        }
    }

    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, _plan.Lanes).Select(_ => LaneAsync(cancellationToken)));

    public void Dispose()
    {
        _http.Dispose();
        _list.Dispose();
    }

    private async Task LaneAsync(CancellationToken cancellationToken)
    {
        while (Interlocked.Increment(ref _next) is var number && number < _plan.Claims)
        {
            while (_kills() < _plan.KillsBefore(number))
                await Task.Delay(Look, _time, cancellationToken);
            var form = ClaimForm.Make(_plan.Seed, number, _today);
            if (await PostAsync(form, cancellationToken) is not { } posted)
                continue;
            Note(posted);
            if (new Random(number).Next(100) < ReplayedInHundred && await PostAsync(form, cancellationToken) is { } twice && twice.ClaimId != posted.ClaimId)
                Fault($"answered twice: {form.Key} is claim {posted.ClaimId}, and {twice.ClaimId} when it was sent again");
        }
    }

    private void Note(PostedClaim posted)
    {
        lock (_gate)
        {
            _posted.Add(posted);
            _approved += posted.IsApproved ? 1 : 0;
            _list.WriteLine(JsonSerializer.Serialize(posted, ChaosJson.Default.PostedClaim));
        }
    }

    /// <summary>Null where the gateway refuses the form for good.</summary>
    private async Task<PostedClaim?> PostAsync(ClaimForm form, CancellationToken cancellationToken)
    {
        var first = _time.GetUtcNow().ToUnixTimeMilliseconds();
        for (var again = 0; ; again++)
        {
            var (status, claim, wait) = await TryAsync(form, cancellationToken);
            if (claim is not null)
                return new PostedClaim(form.Key, claim, form.Rule, form.IsApproved, first, again);
            if (status is HttpStatusCode.BadRequest or HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity)
            {
                Fault($"refused: {form.Key} was answered {LastProblem}");
                return null;
            }

            _others.AddOrUpdate(status is { } known ? ((int)known).ToString(CultureInfo.InvariantCulture) : "none", 1, static (_, count) => count + 1);
            await Task.Delay(wait, _time, cancellationToken);
        }
    }

    private async Task<(HttpStatusCode? Status, string? ClaimId, TimeSpan Wait)> TryAsync(ClaimForm form, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _claims) { Content = form.Content() };
        request.Headers.Add(KeyHeader, form.Key);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await _tokens.GetAsync(form.Account, cancellationToken));
        try
        {
            using var answer = await _http.SendAsync(request, cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            if (answer.StatusCode is HttpStatusCode.Created)
            {
                using var claim = JsonDocument.Parse(text);
                return (answer.StatusCode, claim.RootElement.GetProperty("claimId").GetString(), default);
            }

            LastProblem = $"{(int)answer.StatusCode} {(text.Length > LongestProblem ? text[..LongestProblem] : text)}";
            return (answer.StatusCode, null, answer.Headers.RetryAfter?.Delta ?? Again);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // Whether it was filed is unknown, so it is sent again, with its key.
            LastProblem = e.Message;
            return (null, null, Again);
        }
    }

    private void Fault(string text)
    {
        if (_faults.Count < MostFaults)
            _faults.Enqueue(text);
    }
}
