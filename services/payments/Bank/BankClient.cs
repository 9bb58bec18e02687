using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapr.Client;

namespace HmsMesh.Payments.Bank;

/// <summary>The bank, through the sidecar and its HTTPEndpoint. What is thrown here says nothing of what was sent.</summary>
internal sealed class BankClient(DaprClient dapr, PaymentsSettings settings) : IDisposable
{
    /// <summary>The name of the HTTPEndpoint, and of the breaker before it.</summary>
    public const string Name = "bank";

    private const int LongestAnswer = 1 << 20;
    private readonly HttpClient _http = Client(dapr, settings);

    /// <summary>Sends an entry. Null where the bank refuses to take it; throws where nobody knows.</summary>
    public async Task<BankEntry?> SendAsync(string key, BankOrder order, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/entries", UriKind.Relative));
        request.Content = JsonContent.Create(order, options: JsonSerializerOptions.Web);
        request.Headers.Add("Idempotency-Key", key);
        using var answer = await _http.SendAsync(request, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.UnprocessableEntity)
            return null;
        return answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.OK
            ? Entry(key, await ReadAsync<BankEntry>(answer, cancellationToken))
            : throw Unclear("POST /entries", answer.StatusCode);
    }

    /// <summary>Asks what became of an entry. Null where the bank never took it.</summary>
    public async Task<BankEntry?> FindAsync(string key, CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync(new Uri($"/entries/{key}", UriKind.Relative), cancellationToken);

        // A 404 of someone else on the way would be a second payment: the bank's own names the key.
        return answer.StatusCode switch
        {
            HttpStatusCode.OK => Entry(key, await ReadAsync<BankEntry>(answer, cancellationToken)),
            HttpStatusCode.NotFound when (await ReadAsync<BankEntry>(answer, cancellationToken)).Key == key => null,
            _ => throw Unclear("GET /entries/KEY", answer.StatusCode),
        };
    }

    public async Task<IReadOnlyList<BankReturn>> ReturnsAsync(long after, CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync(
            new Uri(string.Create(CultureInfo.InvariantCulture, $"/returns?after={after}"), UriKind.Relative), cancellationToken);
        return answer.IsSuccessStatusCode ? await ReadAsync<List<BankReturn>>(answer, cancellationToken) : throw Unclear("GET /returns", answer.StatusCode);
    }

    /// <summary>Asks for something that is handed on as it is: the mode, the ledger.</summary>
    public async Task<JsonElement> AskAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        return answer.IsSuccessStatusCode ? await ReadAsync<JsonElement>(answer, cancellationToken) : throw Unclear($"GET {path}", answer.StatusCode);
    }

    /// <summary>Sets the simulator's mode. False where it has no such mode.</summary>
    public async Task<bool> SetModeAsync(string mode, CancellationToken cancellationToken)
    {
        using var answer = await _http.PutAsJsonAsync(new Uri("/mode", UriKind.Relative), new { mode }, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.UnprocessableEntity)
            return false;
        return answer.IsSuccessStatusCode ? true : throw Unclear("PUT /mode", answer.StatusCode);
    }

    public void Dispose() => _http.Dispose();

    private static HttpClient Client(DaprClient dapr, PaymentsSettings settings)
    {
        var client = dapr.CreateInvokableHttpClient(Name);
        client.Timeout = settings.BankTimeout;
        client.MaxResponseContentBufferSize = LongestAnswer;
        return client;
    }

    private static BankEntry Entry(string key, BankEntry entry) =>
        entry.Key == key && entry.Day is { Length: 10 } ? entry : throw new BankException("The bank's answer is about another entry.");

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            return await answer.Content.ReadFromJsonAsync<T>(JsonSerializerOptions.Web, cancellationToken) ?? throw new BankException("The bank's answer is null.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new BankException($"The bank's answer ({(int)answer.StatusCode}) cannot be read.");
        }
    }

    private static BankException Unclear(string what, HttpStatusCode status) => new($"The bank answered {(int)status} to {what}.");
}
