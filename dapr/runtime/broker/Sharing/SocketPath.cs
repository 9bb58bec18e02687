using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using HmsMesh.Broker.Native;
using Microsoft.Win32.SafeHandles;

namespace HmsMesh.Broker.Sharing;

/// <summary>The address of a folder's socket. A Unix address has room for 103 bytes: a longer path is reached through an open
/// directory (<c>/proc/self/fd</c>) on Linux, so that the socket is in the folder all the same; elsewhere it lies in the temporary
/// folder, by a name made from the path.</summary>
internal sealed class SocketPath : IDisposable
{
    private const int Longest = 103;
    private readonly SafeFileHandle? _directory;

    public SocketPath(string folder)
    {
        File = BrokerFolder.Socket(folder);
        var address = File;
        if (Encoding.UTF8.GetByteCount(File) > Longest)
        {
            if (OperatingSystem.IsLinux())
            {
                _directory = Posix.Open(folder, writable: false);
#pragma warning disable S3869 // it lives as long as this object, and the address with it
                address = $"/proc/self/fd/{_directory.DangerousGetHandle()}/{Path.GetFileName(File)}";
#pragma warning restore S3869
            }
            else
            {
                var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)).AsSpan(0, 8));
                address = File = Path.Combine(Path.GetTempPath(), $"mesh-{digest}");
            }
        }

        Address = new UnixDomainSocketEndPoint(address);
    }

    public string File { get; }

    public UnixDomainSocketEndPoint Address { get; }

    public void Dispose() => _directory?.Dispose();
}
