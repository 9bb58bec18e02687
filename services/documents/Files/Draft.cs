using System.Buffers;
using System.Security.Cryptography;

namespace HmsMesh.Documents.Files;

/// <summary>A file that is being written. It goes with its draft, unless that was settled.</summary>
internal sealed class Draft(string id, DocumentFolder folder, FileStream file) : IAsyncDisposable
{
    public const int BufferBytes = 64 << 10;
    private bool _isSettled;

    public string Id => id;

    public string Sha256 { get; private set; } = "";

    public long Bytes { get; private set; }

    /// <summary>What was written, to be looked at.</summary>
    public Stream Content => file;

    /// <summary>Writes what comes, as it comes. False where it is more than may be.</summary>
    public async Task<bool> ReceiveAsync(Func<Memory<byte>, ValueTask<int>> read, long most)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            int got;
            while ((got = await read(buffer)) > 0)
            {
                Bytes += got;
                if (Bytes > most)
                    return false;
                hash.AppendData(buffer, 0, got);
                await file.WriteAsync(buffer.AsMemory(0, got), CancellationToken.None);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }

        Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
        return true;
    }

    /// <summary>Puts the file on disk; it stays, until it is known that no document has it.</summary>
    public void Settle()
    {
        file.Flush(flushToDisk: true);
        folder.Sync();
        _isSettled = true;
    }

    /// <summary>No document has it.</summary>
    public void Discard() => _isSettled = false;

    public async ValueTask DisposeAsync()
    {
        // While it is still locked.
        if (!_isSettled)
            folder.Delete(id);
        await file.DisposeAsync();
    }
}
