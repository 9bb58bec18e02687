using Microsoft.Net.Http.Headers;

namespace HmsMesh.Documents.Inspection;

/// <summary>A kind of file that is taken.</summary>
/// <param name="MediaType">As which it is given out.</param>
/// <param name="FileName">The name under which it is saved: whatever it was called stays with the citizen.</param>
/// <param name="IsWhole">Whether a file that begins like one is one to its end.</param>
/// <param name="OtherNames">What it is called too.</param>
internal sealed record DocumentKind(string MediaType, string FileName, Func<Stream, bool> IsWhole, params string[] OtherNames)
{
    public static readonly DocumentKind Pdf = new("application/pdf", "document.pdf", PdfCheck.IsWhole, "application/x-pdf");
    public static readonly DocumentKind Png = new("image/png", "document.png", PngCheck.IsWhole, "image/x-png");
    public static readonly DocumentKind Jpeg = new("image/jpeg", "document.jpg", JpegCheck.IsWhole, "image/jpg", "image/pjpeg");

    private static readonly DocumentKind[] All = [Pdf, Png, Jpeg];

    /// <summary>What a file is by its first bytes; null where it is none that is taken.</summary>
    public static DocumentKind? Of(ReadOnlySpan<byte> beginning) =>
        PdfCheck.Begins(beginning) ? Pdf : PngCheck.Begins(beginning) ? Png : JpegCheck.Begins(beginning) ? Jpeg : null;

    public static DocumentKind? Kept(string mediaType) => Array.Find(All, k => k.MediaType == mediaType);

    /// <summary>Whether a Content-Type says nothing of what the file is; the form's is what curl sends with any file.</summary>
    public static bool IsSilent(string? contentType) =>
        string.IsNullOrWhiteSpace(contentType) || NameIn(contentType) is "application/octet-stream" or "application/x-www-form-urlencoded";

    /// <summary>Whether a Content-Type names a kind that is taken.</summary>
    public static bool IsTaken(string contentType) => Array.Exists(All, k => k.IsCalled(contentType));

    public bool IsCalled(string contentType) => NameIn(contentType) is { } name && (name == MediaType || OtherNames.Contains(name, StringComparer.Ordinal));

    private static string? NameIn(string contentType) => MediaTypeHeaderValue.TryParse(contentType, out var parsed) ? parsed.MediaType.Value?.ToLowerInvariant() : null;
}
