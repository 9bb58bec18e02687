using System.Net;
using System.Security.Cryptography;
using System.Text;
using HmsMesh.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Kit;

/// <summary>The warm-up: each handler once, with its contract's first example, through the service's own port, in a transaction that is
/// rolled back. The first real event then finds every path compiled, and every connection open.</summary>
internal sealed class Rehearsal(MeshSettings settings, TimeProvider time, ILogger<Rehearsal> log)
{
    private const string HeaderName = "mesh-rehearsal";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    // Nobody else can ask for a rehearsal: it would be a way to have an event answered and not handled.
    private readonly string _secret = RandomNumberGenerator.GetHexString(32);
    private volatile bool _over;

    public bool Is(HttpRequest request) =>
        !_over
        && request.Headers.TryGetValue(HeaderName, out var shown)
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown.ToString()), Encoding.UTF8.GetBytes(_secret));

    /// <summary>Over HTTP where the server has a port, else straight to the handlers.</summary>
    public async Task RunAsync(Uri? address, IEnumerable<Hearing> hearings, Arrivals arrivals, CancellationToken cancellationToken)
    {
        using var http = address is null ? null : new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = Limit };
        foreach (var topic in hearings.GroupBy(h => h.Topic, StringComparer.Ordinal))
        {
            var envelope = Example(topic.First().Contract);
            if (http is null)
            {
                await arrivals.TakeAsync(topic.Key, [.. topic], envelope, isRehearsal: true, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await PostAsync(http, topic.Key, envelope, cancellationToken).ConfigureAwait(false);
            }
        }

        _over = true;
    }

    private async Task PostAsync(HttpClient http, string topic, byte[] envelope, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/events/{topic}") { Content = new ByteArrayContent(envelope) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", CloudEvent.MediaType);
        request.Headers.TryAddWithoutValidation(HeaderName, _secret);
        if (settings.AppToken is { } token)
        {
            request.Headers.TryAddWithoutValidation(AppTokenMiddleware.HeaderName, token);
        }

        try
        {
            using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);

            // A handler that fails on an example has said so itself.
            if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.InternalServerError))
            {
                log.WarmUpFailed($"{topic}: HTTP {(int)response.StatusCode}");
            }
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            log.WarmUpFailed($"{topic}: {e.Message}");
        }
    }

    private byte[] Example(Contract contract) =>
        CloudEventJson.Write(CloudEventFactory.Create(contract, contract.Examples[0], "rehearsal", time.GetUtcNow()));
}
