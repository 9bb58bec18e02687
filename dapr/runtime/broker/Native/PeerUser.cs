using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace HmsMesh.Broker.Native;

/// <summary>Who is at the other end of a Unix socket.</summary>
internal static partial class PeerUser
{
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;

    /// <summary>Whether the peer runs as this process's user.</summary>
    public static bool IsOurs(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            return GetPeerId((int)socket.Handle, out var user, out _) == 0 && user == GetUser();
        }

        // struct ucred: pid, uid, gid (unix(7)).
        Span<byte> credentials = stackalloc byte[12];
        return socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials) == 12
            && BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..]) == GetUser();
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetUser();

    [LibraryImport("libc", EntryPoint = "getpeereid", SetLastError = true)]
    private static partial int GetPeerId(int socket, out uint user, out uint group);
}
