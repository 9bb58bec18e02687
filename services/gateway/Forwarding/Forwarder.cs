using HmsMesh.Gateway.Auth;
using HmsMesh.Gateway.Idempotency;
using HmsMesh.Gateway.Identity;
using HmsMesh.Gateway.Problems;
using Microsoft.Extensions.Hosting;

namespace HmsMesh.Gateway.Forwarding;

/// <summary>Takes a request to its one service and the answer back, neither held in memory.</summary>
internal sealed class Forwarder(
    ServiceClient services, Answers answers, ServiceTokens exchange, OpenStreams streams, GatewayOptions options, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<Forwarder> log)
{
    public async Task ForwardAsync(HttpContext http)
    {
        var to = http.GetEndpoint()!.Metadata.GetRequiredMetadata<Destination>();
        if (HttpMethods.IsGet(http.Request.Method) || !http.Request.Headers.ContainsKey(Answers.Header))
            await StreamAsync(http, to);
        else
            await answers.OnceAsync(http, to.App, () => HoldAsync(http, to));
    }

    private async Task StreamAsync(HttpContext http, Destination to)
    {
        using var place = to.IsStream ? streams.Enter(http) : null;
        if (to.IsStream && place is null)
        {
            await http.RefuseAsync(StatusCodes.Status429TooManyRequests, "Too many streams", "You have as many streams open as one caller may. Close one first.", TimeSpan.FromSeconds(30));
            return;
        }

        using var ending = place is null
            ? CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted)
            : CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping, place.Ended);
        using var answer = await SendAsync(http, to, to.SendLimit ?? options.ForwardLimit, ending.Token);
        if (answer is null)
            return;
        Answering.CopyHead(answer, http.Response);
        try
        {
            await Answering.CopyBodyAsync(answer, http.Response, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The reader has gone or signed out, or the door closes: a page connects again by itself.
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            log.ForwardFailed(to.App, http.Request.Method, to.Path, http.RequestId(), e.GetBaseException().Message);
            http.Abort();
        }
    }

    /// <summary>For an answer that is kept, after the body has come: whole, and even where the caller does not wait for it.</summary>
    private async Task<KeptAnswer?> HoldAsync(HttpContext http, Destination to)
    {
        using var answer = await SendAsync(http, to, options.ForwardLimit, CancellationToken.None);
        if (answer is null)
            return null;
        await answer.Content.LoadIntoBufferAsync(Answers.LongestBody, CancellationToken.None);
        Answering.CopyHead(answer, http.Response);
        http.Response.Headers.ContentLength = null;
        return new KeptAnswer(
            (int)answer.StatusCode, http.Response.ContentType, http.Response.Headers.Location.FirstOrDefault(), await answer.Content.ReadAsByteArrayAsync(CancellationToken.None));
    }

    /// <summary>Null where the caller has been told why there is no answer.</summary>
    private async Task<HttpResponseMessage?> SendAsync(HttpContext http, Destination to, TimeSpan within, CancellationToken ct)
    {
        var visitor = http.Features.Get<Visitor>();
        using var request = Outgoing.Of(http, to, visitor);
        using var limit = new CancellationTokenSource(within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        HttpResponseMessage answer;
        try
        {
            answer = await services.SendAsync(request, either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            log.ForwardFailed(to.App, http.Request.Method, to.Path, http.RequestId(), "no answer in time");
            await http.TellAsync(StatusCodes.Status504GatewayTimeout, "No answer in time", $"{to.App} did not answer in time. What you asked may have been done; ask with the same Idempotency-Key again.");
            return null;
        }
        catch (HttpRequestException e) when (!Problem.IsTooLarge(e))
        {
            log.ForwardFailed(to.App, http.Request.Method, to.Path, http.RequestId(), e.GetBaseException().Message);
            await AwayAsync(http, to);
            return null;
        }

        if (await Answering.SidecarFaultAsync(answer, either.Token) is { } fault)
        {
            log.ForwardFailed(to.App, http.Request.Method, to.Path, http.RequestId(), fault);
            answer.Dispose();
            await AwayAsync(http, to);
            return null;
        }

        if (answer.StatusCode == System.Net.HttpStatusCode.Unauthorized && visitor is not null)
            exchange.Forget(visitor.Holder, to.App);
        if (Answering.IsRefusal((int)answer.StatusCode))
        {
            log.ForwardFailed(to.App, http.Request.Method, to.Path, http.RequestId(), $"it answered {(int)answer.StatusCode}");
            await Answering.RefuseAsync(http, to, (int)answer.StatusCode);
            answer.Dispose();
            return null;
        }

        return answer;
    }

    private static Task AwayAsync(HttpContext http, Destination to) => http.TellAsync(
        StatusCodes.Status503ServiceUnavailable, "The service is away", $"{to.App} cannot be reached now. Try again in a moment.", TimeSpan.FromSeconds(2));
}
