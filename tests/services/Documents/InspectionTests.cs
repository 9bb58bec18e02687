using System.Text;
using HmsMesh.Documents.Inspection;

namespace HmsMesh.Services.Tests.Documents;

/// <summary>What a file is, by its content.</summary>
public sealed class InspectionTests
{
    public static readonly TheoryData<string> Files = ["pdf", "png", "jpeg"];

    [Theory]
    [MemberData(nameof(Files))]
    public void File_OfABrowser_IsWhatItIs(string name)
    {
        var (file, kind) = Of(name);

        DocumentKind.Of(file).ShouldBe(kind);
        IsWhole(kind, file).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void File_ThatEndsTooEarly_IsNotWhole(string name)
    {
        var (file, kind) = Of(name);

        // The line break behind a PDF's last word is no loss.
        for (var length = 8; length < file.Length - 1; length++)
            IsWhole(kind, file[..length]).ShouldBeFalse($"{length} of {file.Length} bytes");
    }

    [Fact]
    public void Png_WithAnyByteChanged_IsNoPng()
    {
        for (var at = 0; at < Samples.Png.Length; at++)
        {
            var changed = (byte[])Samples.Png.Clone();
            changed[at] ^= 0x10;

            (DocumentKind.Of(changed) is { } kind && IsWhole(kind, changed)).ShouldBeFalse($"byte {at}");
        }
    }

    [Fact]
    public void Files_OfAnyBytes_ThrowNothing()
    {
        var random = new Random(7);
        foreach (var kind in (DocumentKind[])[DocumentKind.Pdf, DocumentKind.Png, DocumentKind.Jpeg])
        {
            for (var n = 0; n < 2000; n++)
            {
                var start = kind == DocumentKind.Pdf ? Samples.Pdf : kind == DocumentKind.Png ? Samples.Png : Samples.Jpeg;
                var file = (byte[])start.Clone();
                for (var change = 0; change < 1 + random.Next(8); change++)
                    file[random.Next(8, file.Length)] = (byte)random.Next(256);

                Should.NotThrow(() => IsWhole(kind, file));
            }
        }
    }

    [Fact]
    public void Png_WithMoreBehindItsEnd_IsNotWhole() => IsWhole(DocumentKind.Png, [.. Samples.Png, 0]).ShouldBeFalse();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 3)]
    [InlineData(9, 0)]
    public void Png_WithAHeaderThatCannotBe_IsNotWhole(byte width, byte depth)
    {
        byte[] header = width == 9 ? [0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 1, 0, 0] : [0, 0, 0, width, 0, 0, 0, 1, depth, 0, 0, 0, 0];
        byte[] file = [.. Samples.Png[..8], .. Samples.Chunk("IHDR", header), .. Samples.Chunk("IDAT", [1, 2, 3]), .. Samples.Chunk("IEND", [])];

        IsWhole(DocumentKind.Png, file).ShouldBeFalse();
    }

    [Fact]
    public void Png_WithoutAPicture_IsNotWhole() =>
        IsWhole(DocumentKind.Png, [.. Samples.Png[..33], .. Samples.Chunk("IEND", [])]).ShouldBeFalse();

    [Fact]
    public void Png_OfManyBytes_IsWhole() => IsWhole(DocumentKind.Png, Samples.PngOf(300_000)).ShouldBeTrue();

    [Fact]
    public void Jpeg_WithAPreviewBehindItsEnd_IsWhole() => IsWhole(DocumentKind.Jpeg, [.. Samples.Jpeg, .. Samples.Jpeg]).ShouldBeTrue();

    [Fact]
    public void Jpeg_OfSeveralScansWithRestarts_IsWhole()
    {
        var scan = (byte[])[0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 1, 2, 0xFF, 0x00, 3, 0xFF, 0xD0, 4, 0xFF, 0xFF, 0xD1, 5];
        var frame = (byte[])[0xFF, 0xC2, 0, 11, 8, 0, 1, 0, 1, 1, 1, 0x11, 0];

        IsWhole(DocumentKind.Jpeg, [0xFF, 0xD8, .. frame, .. scan, .. scan, 0xFF, 0xFF, 0xD9]).ShouldBeTrue();
        IsWhole(DocumentKind.Jpeg, [0xFF, 0xD8, .. scan, .. frame, 0xFF, 0xD9]).ShouldBeFalse();
        IsWhole(DocumentKind.Jpeg, [0xFF, 0xD8, .. frame, 0xFF, 0xD9]).ShouldBeFalse();
        IsWhole(DocumentKind.Jpeg, [0xFF, 0xD8, .. frame, .. frame, .. scan, 0xFF, 0xD9]).ShouldBeFalse();
    }

    [Theory]
    [InlineData("4 0 obj", null, true)]
    [InlineData("xref", null, true)]
    [InlineData("nothing", null, false)]
    [InlineData("4 0 obj", "0", false)]
    [InlineData("4 0 obj", "9000000000000000000", false)]
    [InlineData("4 0 obj", "-5", false)]
    [InlineData("4 0 obj", "12 12", false)]
    [InlineData("4 0 obj", "", false)]
    public void Pdf_WithACrossReference_IsWholeWhereItIsThere(string reference, string? place, bool isWhole) =>
        IsWhole(DocumentKind.Pdf, Samples.PdfWithStream(reference, place)).ShouldBe(isWhole);

    [Theory]
    [InlineData("Dear Sir or Madam, I was laid off.")]
    [InlineData("<html>%PDF-1.7</html>")]
    [InlineData(" %PDF-1.7\n")]
    [InlineData("%PDF-x.y\n")]
    [InlineData("GIF89a")]
    [InlineData("PK\u0003\u0004")]
    [InlineData("%PDF-1")]
    [InlineData("")]
    public void Text_WhateverItIsCalled_IsNoneOfThem(string text) => DocumentKind.Of(Encoding.Latin1.GetBytes(text)).ShouldBeNull();

    private static (byte[] File, DocumentKind Kind) Of(string name) => name switch
    {
        "pdf" => (Samples.Pdf, DocumentKind.Pdf),
        "png" => (Samples.Png, DocumentKind.Png),
        _ => (Samples.Jpeg, DocumentKind.Jpeg),
    };

    private static bool IsWhole(DocumentKind kind, byte[] file)
    {
        using var stream = new MemoryStream(file);
        return kind.IsWhole(stream);
    }
}
