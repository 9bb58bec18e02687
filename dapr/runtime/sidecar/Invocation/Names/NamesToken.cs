using System.Security.Cryptography;
using System.Text;

namespace HmsMesh.Sidecar.Invocation.Names;

/// <summary>What sidecars that share a names database show each other: a file beside it that its user alone can read, made by the first.
/// A program of another user, or one that can't read the file, can't call past a sidecar.</summary>
internal sealed class NamesToken(string? path, TimeProvider time)
{
    private const int Length = 64;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private string? _token = path is null ? NewToken() : null;
    private byte[]? _bytes;
    private long _read;

    /// <summary>The token. Throws <see cref="SidecarException"/> where the file can't be trusted.</summary>
    public string Get()
    {
        lock (_gate)
        {
            return _token ??= Read();
        }
    }

    /// <summary>The token as it comes over the wire; null where it can't be had.</summary>
    public byte[]? Bytes()
    {
        lock (_gate)
        {
            try
            {
                return _bytes ??= Encoding.UTF8.GetBytes(Get());
            }
            catch (SidecarException)
            {
                return null;
            }
        }
    }

    /// <summary>Somebody knows another token: the file may have been made anew. It is read again, at most once a second.</summary>
    public void Doubt()
    {
        lock (_gate)
        {
            if (path is not null && time.GetElapsedTime(_read) > Patience)
            {
                _token = null;
                _bytes = null;
            }
        }
    }

    private static string NewToken() => RandomNumberGenerator.GetHexString(Length, lowercase: true);

    private string Read()
    {
        _read = time.GetTimestamp();
        try
        {
            PrivateFile.MakeFolder(path!);
            if (!File.Exists(path))
            {
                PrivateFile.TryCreate(path!, Encoding.ASCII.GetBytes(NewToken()));
            }

            if (!OperatingSystem.IsWindows()
                && (File.GetUnixFileMode(path!) & (UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != UnixFileMode.None)
            {
                throw new SidecarException($"The token of sidecars, {path}, is open to others. Remove it; the next sidecar makes a new one.");
            }

            return File.ReadAllText(path!) is { Length: Length } token
                ? token
                : throw new SidecarException($"The token of sidecars, {path}, is not whole. Remove it; the next sidecar makes a new one.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SidecarException($"The token of sidecars, {path}, can't be read: {failure.Message}", failure);
        }
    }
}
