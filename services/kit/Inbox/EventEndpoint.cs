using System.Buffers;
using HmsMesh.Contracts;
using Microsoft.AspNetCore.Http;

namespace HmsMesh.Kit;

/// <summary>POST /events/TOPIC: where the sidecar delivers.</summary>
internal sealed class EventEndpoint(string topic, IReadOnlyList<Hearing> hearings, Arrivals arrivals, Rehearsal rehearsal)
{
    /// <summary>Tells a sidecar of ours, whose operator sent the event again, that nothing was done; daprd passes it by.</summary>
    private const string AlreadyHandled = "mesh-handled";
    private static readonly byte[] Success = "{\"status\":\"SUCCESS\"}"u8.ToArray();
    private static readonly byte[] Retry = "{\"status\":\"RETRY\"}"u8.ToArray();
    private static readonly byte[] Drop = "{\"status\":\"DROP\"}"u8.ToArray();

    public async Task HandleAsync(HttpContext http)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBytes(http.Request));
        try
        {
            var length = 0;
            while (await ReadAsync(http.Request, buffer, length, http.RequestAborted).ConfigureAwait(false) is var read and > 0)
            {
                length += read;
                buffer = length == buffer.Length ? Grow(buffer) : buffer;
                if (length > ContractLimits.EnvelopeBytes)
                {
                    break;
                }
            }

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

    // One byte more than it says, so that the end is seen without growing; one over the limit is enough to know that it is too large.
    private static int FirstBytes(HttpRequest request) => (int)Math.Min(request.ContentLength ?? 4096, ContractLimits.EnvelopeBytes) + 1;

    private static ValueTask<int> ReadAsync(HttpRequest request, byte[] buffer, int length, CancellationToken cancellationToken) =>
        request.Body.ReadAsync(buffer.AsMemory(length), cancellationToken);

    private static byte[] Grow(byte[] full)
    {
        var larger = ArrayPool<byte>.Shared.Rent(full.Length * 2);
        full.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(full);
        return larger;
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
        if (outcome == Outcome.Duplicate)
        {
            response.Headers[AlreadyHandled] = "already";
        }

        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body).ConfigureAwait(false);
    }
}
