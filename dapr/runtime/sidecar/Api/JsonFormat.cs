using System.Text.Encodings.Web;
using System.Text.Json;

namespace HmsMesh.Sidecar.Api;

/// <summary>How the API writes JSON: no more escapes than JSON asks for.</summary>
internal static class JsonFormat
{
    public static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Bodies may nest as deep as is of any use.</summary>
    public static readonly JsonDocumentOptions Deep = new() { MaxDepth = 512 };
}
