using System.Buffers;

namespace HmsMesh.Sidecar.AppChannel;

/// <summary>What the app answered.</summary>
internal readonly record struct AppAnswer(int Status, ReadOnlyMemory<byte> Body)
{
    /// <summary>The app had handled the event before: told by a header of its answer, which daprd passes by.</summary>
    public bool Already { get; init; }

    public bool Succeeded => Status is >= 200 and <= 299;

    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(Stream stream, long limit, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        while (true)
        {
            var read = await stream.ReadAsync(buffer.GetMemory(256), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return buffer.WrittenMemory;
            }

            buffer.Advance(read);
            if (buffer.WrittenCount > limit)
            {
                throw new HttpRequestException("the app's answer is larger than --max-body-size");
            }
        }
    }
}
