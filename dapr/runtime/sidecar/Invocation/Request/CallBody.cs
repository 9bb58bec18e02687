using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace HmsMesh.Sidecar.Invocation.Request;

/// <summary>The body of a call. A short one is read first, and can be sent again; a long one, or one without a length, flows through, once.</summary>
internal sealed class CallBody : IDisposable
{
    /// <summary>Up to here a body is always read first: it then leaves with its head in one write.</summary>
    public const int ShortLength = 64 << 10;

    /// <summary>Up to here a body is read first where a retry policy may send it again.</summary>
    public const int RetryLength = 4 << 20;

    private static readonly CallBody None = new(null, null, 0);
    private readonly PipeReader? _reader;
    private byte[]? _buffer;
    private bool _abandoned;

    private CallBody(PipeReader? reader, byte[]? buffer, long? length)
    {
        _reader = reader;
        _buffer = buffer;
        Length = length;
    }

    /// <summary>Null: it goes on until it ends.</summary>
    public long? Length { get; }

    /// <summary>It flows through as it comes, and no policy sends it again.</summary>
    public bool IsOnce => _reader is not null;

    /// <summary>A body without a length, which isn't sent again even where none of it was sent.</summary>
    public bool IsStream => Length is null;

    /// <summary>Some of it was sent and can't be sent again.</summary>
    public bool IsSpent { get; private set; }

    /// <summary>Why it couldn't be read to its end: not the fault of whom it was sent to.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Takes a request's body. Throws <see cref="BadHttpRequestException"/> where it is over the limit or broken off.</summary>
    public static async ValueTask<CallBody> TakeAsync(HttpContext context, bool mayRepeat)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            return None;
        }

        var length = context.Request.ContentLength;
        if (length > context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize)
        {
            throw new BadHttpRequestException("http: request body too large", StatusCodes.Status413PayloadTooLarge);
        }

        if (length is null || length > (mayRepeat ? RetryLength : ShortLength))
        {
            return new(context.Request.BodyReader, null, length);
        }

        var buffer = ArrayPool<byte>.Shared.Rent((int)length.Value);
        try
        {
            await ReadAsync(context.Request.BodyReader, buffer.AsMemory(0, (int)length.Value), context.RequestAborted).ConfigureAwait(false);
            return new(null, buffer, length);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    /// <summary>The content of a request to be made; null where there is no body at all.</summary>
    public HttpContent? Content() =>
        _buffer is { } buffer ? new ReadOnlyMemoryContent(buffer.AsMemory(0, (int)Length!.Value))
        : _reader is not null ? new Flow(this, _reader)
        : null;

    /// <summary>A try was cut off: what is under way may read the buffer a moment longer, so nobody else gets it. The next try sends it whole.</summary>
    public void Abandon() => _abandoned = true;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer && !_abandoned)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask ReadAsync(PipeReader reader, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var at = 0;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            read.Buffer.CopyTo(buffer.Span[at..]);
            at += (int)read.Buffer.Length;
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    /// <summary>Hands on what comes as it comes, and waits for who reads it.</summary>
    private sealed class Flow(CallBody body, PipeReader reader) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context, CancellationToken cancellationToken)
        {
            body.IsSpent = true;
            while (true)
            {
                var read = await NextAsync(cancellationToken).ConfigureAwait(false);
                foreach (var segment in read.Buffer)
                {
                    await stream.WriteAsync(segment, cancellationToken).ConfigureAwait(false);
                }

                reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    return;
                }

                await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        private async ValueTask<ReadResult> NextAsync(CancellationToken cancellationToken)
        {
            try
            {
                return await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (IOException failure)
            {
                body.Failure = failure;
                throw;
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = body.Length ?? 0;
            return body.Length is not null;
        }
    }
}
