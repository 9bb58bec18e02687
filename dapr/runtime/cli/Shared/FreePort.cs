using System.Net;
using System.Net.Sockets;

namespace HmsMesh.Cli;

/// <summary>A port that nobody listens on now, for a program that is started at once.</summary>
internal static class FreePort
{
    public static int Take()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
