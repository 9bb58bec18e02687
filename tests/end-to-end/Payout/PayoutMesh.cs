using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using HmsMesh.EndToEnd.Tests.Support;

namespace HmsMesh.EndToEnd.Tests.Payout;

/// <summary>The whole mesh, and what a developer does with it by curl.</summary>
public class PayoutMesh : IAsyncLifetime
{
    private readonly Dictionary<string, string> _tokens = new(StringComparer.Ordinal);
    private TraceCollector? _traces;
    private HttpClient? _gateway;

    internal Mesh Mesh { get; private set; } = null!;

    internal TraceCollector Traces => _traces!;

    internal HttpClient Gateway => _gateway!;

    /// <summary>Whether node and python3 are here: their services are skipped where not.</summary>
    internal bool HasNode => Mesh.Host.Out.Any(line => line.StartsWith("notifier ", StringComparison.Ordinal) && line.Contains("healthy", StringComparison.Ordinal));

    protected virtual string[] Options => [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _traces = await TraceCollector.StartAsync();
        Mesh = new Mesh(environment: _traces.Environment);
        try
        {
            await Mesh.UpAsync(Options);
            _gateway = new HttpClient { BaseAddress = new Uri(await AddressAsync("gateway")) };
        }
        catch
        {
            // A fixture that could not begin is not disposed of by the runner.
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _gateway?.Dispose();
        if (Mesh is not null)
            await Mesh.DisposeAsync();
        if (_traces is not null)
            await _traces.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal static JsonObject Form(Action<JsonObject>? change = null)
    {
        var form = new JsonObject
        {
            ["employer"] = "Zephyrine Dry Goods",
            ["lastDay"] = TimeProvider.System.GetUtcNow().AddDays(-14).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            ["reason"] = "laid-off",
            ["weeksWorked"] = 40,
            ["weeklyIncome"] = 0,
            ["ableToWork"] = true,
            ["veteran"] = false,
        };
        change?.Invoke(form);
        return form;
    }

    internal async Task<string> AddressAsync(string service) => (await Mesh.StatusAsync(service)).GetProperty("address").GetString()!;

    /// <summary>What `mesh token citizen` prints; it lasts for five minutes, which is longer than these tests take.</summary>
    internal async Task<string> TokenAsync(string account)
    {
        if (_tokens.TryGetValue(account, out var known))
            return known;
        var ran = await Mesh.RunAsync("token", "citizen", account);
        ran.Code.ShouldBe(0, ran.Error);
        return _tokens[account] = ran.Out.Trim();
    }

    internal async Task<HttpResponseMessage> SendAsync(
        string account, HttpMethod method, string path, JsonNode? body = null, string? key = null, string? traceParent = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(account));
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        if (traceParent is not null)
            request.Headers.Add("traceparent", traceParent);
        return await Gateway.SendAsync(request, Ct);
    }

    internal async Task<JsonElement> GetAsync(string account, string path)
    {
        using var answer = await SendAsync(account, HttpMethod.Get, path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
    }

    internal async Task<string> FileAsync(string account, Action<JsonObject>? change = null, string? traceParent = null)
    {
        using var answer = await SendAsync(account, HttpMethod.Post, "/api/claims", Form(change), traceParent: traceParent);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(Ct));
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("claimId").GetString()!;
    }

    internal async Task<JsonElement> ClaimAsync(string account, string id, string status)
    {
        JsonElement claim = default;
        await Eventually.TrueAsync(
            async () => (claim = await GetAsync(account, $"/api/claims/{id}")).GetProperty("status").GetString() == status,
            Mesh.ToReact,
            $"{status} of a claim in\n{string.Join('\n', Mesh.Host.Out.TakeLast(30))}");
        return claim;
    }

    internal async Task<IReadOnlyList<JsonElement>> EventsAsync(string topic)
    {
        var ran = await Mesh.RunAsync("browse", topic, "--json", "--limit", "0");
        ran.Code.ShouldBe(0, ran.Error);
        return [.. ran.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }
}
