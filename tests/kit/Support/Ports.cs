using System.Net;
using System.Net.Sockets;

namespace HmsMesh.Kit.Tests;

internal static class Ports
{
    /// <summary>A port that nobody listens on, below those that the system gives out.</summary>
    public static int Free()
    {
        for (var i = 0; i < 100; i++)
        {
            var port = Random.Shared.Next(20000, 32000);
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken: another one.
            }
        }

        throw new InvalidOperationException("No free port.");
    }
}
