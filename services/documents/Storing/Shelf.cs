using System.Buffers;
using System.Security.Cryptography;
using HmsMesh.Documents.Files;

namespace HmsMesh.Documents.Storing;

/// <summary>Gets documents from the disk.</summary>
internal sealed class Shelf(DocumentFolder folder, ILogger<Shelf> log)
{
    /// <summary>The file from its beginning, read once to see that it is what was taken; null where it is not.</summary>
    public async Task<FileStream?> OpenAsync(Document document, CancellationToken ct)
    {
        var reason = "its checksum is another";
        FileStream? file = null;
        try
        {
            file = folder.Open(document.Id);
            if (file.Length == document.Bytes && Convert.ToHexStringLower(await SHA256.HashDataAsync(file, ct)) == document.Sha256)
            {
                file.Position = 0;
                (var whole, file) = (file, null);
                return whole;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reason = e.Message;
        }
        finally
        {
            if (file is not null)
                await file.DisposeAsync();
        }

        Log.Damaged(log, document.Id, reason);
        return null;
    }

    /// <summary>Sends the file; the last part only where all of it is still what was taken, so that nobody takes a damaged one for whole.</summary>
    public async Task<bool> SendAsync(Document document, FileStream file, Stream to, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(Draft.BufferBytes);
        try
        {
            for (var left = document.Bytes; ;)
            {
                var part = buffer.AsMemory(0, (int)Math.Min(left, Draft.BufferBytes));
                if (await file.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false, ct) < part.Length)
                    break;
                hash.AppendData(part.Span);
                left -= part.Length;
                if (left == 0 && Convert.ToHexStringLower(hash.GetHashAndReset()) != document.Sha256)
                    break;
                await to.WriteAsync(part, ct);
                if (left == 0)
                    return true;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }

        Log.Damaged(log, document.Id, "it changed while it was read");
        return false;
    }
}
