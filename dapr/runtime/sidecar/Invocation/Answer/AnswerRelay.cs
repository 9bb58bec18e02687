using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace HmsMesh.Sidecar.Invocation.Answer;

/// <summary>Hands an answer on: its status, the headers that pass, and its body as it comes.</summary>
internal static class AnswerRelay
{
    private const int BlockSize = 4 << 10;

    // A longer body is written on as it comes, instead of being read to its end first.
    private const int ShortLength = 64 << 10;

    // Kestrel takes neither; nor is there any use in them.
    private static readonly SearchValues<char> Control =
        SearchValues.Create([.. Enumerable.Range(0, 32).Where(static code => code != '\t').Select(static code => (char)code), '\x7f']);

    /// <param name="toApp">The answer goes to an app: what tells it the kind of content is added where it is missing.</param>
    public static ValueTask RelayAsync(CallOutcome outcome, HttpContext context, bool toApp, CancellationToken cancellationToken)
    {
        var from = outcome.Response!;
        var to = context.Response;
        to.StatusCode = outcome.Status;
        CopyHeaders(from, to.Headers);
        if (from.Content.Headers.NonValidated.TryGetValues("content-type", out var types) && types.ToString() is { Length: > 0 } type && IsFit(type))
        {
            to.ContentType = type;
        }
        else if (toApp && outcome.IsFailure)
        {
            to.ContentType = "application/json";
        }

        var length = Length(from);
        if (HttpMethods.IsHead(context.Request.Method) || outcome.Status is 204 or 205 or 304)
        {
            to.ContentLength = outcome.Status is 200 or 304 ? length : null;
            return ValueTask.CompletedTask;
        }

        if (length == 0)
        {
            to.ContentLength = 0;
            return ValueTask.CompletedTask;
        }

        return length <= ShortLength ? ShortAsync(from, to, (int)length, toApp, cancellationToken) : FlowAsync(from, to, length, toApp, cancellationToken);
    }

    private static long? Length(HttpResponseMessage from) => from.Content.Headers.ContentLength;

    private static void CopyHeaders(HttpResponseMessage from, IHeaderDictionary to)
    {
        var connection = Microsoft.Extensions.Primitives.StringValues.Empty;
        if (from.Headers.NonValidated.TryGetValues("connection", out var named))
        {
            connection = new([.. named]);
        }

        Copy(from.Headers.NonValidated, connection, to);
        Copy(from.Content.Headers.NonValidated, connection, to);
    }

    private static void Copy(System.Net.Http.Headers.HttpHeadersNonValidated from, Microsoft.Extensions.Primitives.StringValues connection, IHeaderDictionary to)
    {
        foreach (var (name, values) in from)
        {
            if (!Request.ForwardedHeaders.PassesBack(name, connection))
            {
                continue;
            }

            foreach (var value in values)
            {
                if (IsFit(value))
                {
                    to.Append(name, value);
                }
            }
        }
    }

    private static bool IsFit(string value) => !value.AsSpan().ContainsAny(Control);

    /// <summary>A short answer is read first, and leaves in one write with its head. One that ends too early goes on as far as it came, as
    /// daprd has it: an app that states a wrong length is not the caller's affair.</summary>
    private static async ValueTask ShortAsync(HttpResponseMessage from, HttpResponse to, int length, bool toApp, CancellationToken cancellationToken)
    {
        var stream = await from.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var at = 0;
            try
            {
                while (at < length && await stream.ReadAsync(buffer.AsMemory(at, length - at), cancellationToken).ConfigureAwait(false) is > 0 and var read)
                {
                    at += read;
                }
            }
            catch (HttpIOException early) when (early.HttpRequestError == HttpRequestError.ResponseEnded)
            {
                // As far as it came.
            }

            to.ContentLength = at;
            if (toApp && at > 0)
            {
                Sniff(to, buffer.AsSpan(0, at));
            }

            await to.BodyWriter.WriteAsync(buffer.AsMemory(0, at), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask FlowAsync(HttpResponseMessage from, HttpResponse to, long? length, bool toApp, CancellationToken cancellationToken)
    {
        var stream = await from.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        to.ContentLength = length;
        if (length is null && to.ContentType is not null)
        {
            // The head goes first: who waits for events wants to know that they will come.
            await to.BodyWriter.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        while (true)
        {
            var memory = to.BodyWriter.GetMemory(BlockSize);
            var read = await stream.ReadAsync(memory, cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return;
            }

            if (toApp && !to.HasStarted)
            {
                Sniff(to, memory.Span[..read]);
            }

            to.BodyWriter.Advance(read);
            await to.BodyWriter.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static void Sniff(HttpResponse to, ReadOnlySpan<byte> start)
    {
        if (to.ContentType is null && to.Headers.ContentEncoding.Count == 0)
        {
            to.ContentType = ContentSniffer.TypeOf(start);
        }
    }
}
