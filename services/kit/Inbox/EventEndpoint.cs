using System.Buffers;
using HmsMesh.Contracts;
using Microsoft.AspNetCore.Http;

namespace HmsMesh.Kit;

/// <summary>POST /events/TOPIC: where the sidecar delivers.</summary>
internal sealed class EventEndpoint(string topic, IReadOnlyList<Hearing> hearings, Arrivals arrivals, Rehearsal rehearsal)
{
    private static readonly byte[] Success = "{\"status\":\"SUCCESS\"}"u8.ToArray();
    private static readonly byte[] Retry = "{\"status\":\"RETRY\"}"u8.ToArray();
    private static readonly byte[] Drop = "{\"status\":\"DROP\"}"u8.ToArray();

    public async Task HandleAsync(HttpContext http)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ContractLimits.EnvelopeBytes + 1);
        try
        {
            var length = await ReadAsync(http.Request, buffer, http.RequestAborted).ConfigureAwait(false);
            var outcome = await arrivals.TakeAsync(topic, hearings, buffer.AsMemory(0, length), rehearsal.Is(http.Request), http.RequestAborted).ConfigureAwait(false);
            await AnswerAsync(http.Response, outcome).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The sidecar hung up; the transaction is rolled back, and it delivers again.
            http.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // One byte over the limit is enough to know that it is too large.
    private static async Task<int> ReadAsync(HttpRequest request, byte[] buffer, CancellationToken cancellationToken)
    {
        var length = 0;
        while (length <= ContractLimits.EnvelopeBytes)
        {
            var read = await request.Body.ReadAsync(buffer.AsMemory(length, ContractLimits.EnvelopeBytes + 1 - length), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        return length;
    }

    private static async Task AnswerAsync(HttpResponse response, Outcome outcome)
    {
        var (status, body) = outcome switch
        {
            Outcome.Handled or Outcome.Duplicate => (StatusCodes.Status200OK, Success),
            Outcome.Dropped => (StatusCodes.Status200OK, Drop),
            _ => (StatusCodes.Status500InternalServerError, Retry),
        };
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body).ConfigureAwait(false);
    }
}
