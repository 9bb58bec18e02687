using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace HmsMesh.Sidecar.PubSub.Publishing;

/// <summary>A JSON writer over a buffer that the thread keeps, so that an envelope costs one array: the event itself.</summary>
internal sealed class JsonBuffer
{
    private const int Kept = 1 << 20;

    [ThreadStatic]
    private static JsonBuffer? Mine;

    private ArrayBufferWriter<byte> _bytes = new(1024);

    private JsonBuffer() => Writer = new(_bytes, new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 10_000,
        SkipValidation = true,
    });

    public Utf8JsonWriter Writer { get; }

    /// <summary>The thread's buffer, empty. Used and copied before anything is awaited.</summary>
    public static JsonBuffer Take() => Mine ??= new();

    /// <summary>What was written, as an array of its own; the buffer is empty again.</summary>
    public byte[] Copy()
    {
        Writer.Flush();
        var copy = _bytes.WrittenSpan.ToArray();
        Reset();
        return copy;
    }

    /// <summary>Forgets what was written.</summary>
    public void Reset()
    {
        if (_bytes.Capacity > Kept)
        {
            _bytes = new(1024);
        }
        else
        {
            _bytes.ResetWrittenCount();
        }

        Writer.Reset(_bytes);
    }
}
