using System.Net;
using System.Net.Sockets;

namespace HmsMesh.Conformance.Running;

/// <summary>Ports that nobody listens on and that no other scenario of this process was given.</summary>
internal static class FreePorts
{
    // Below the range that outgoing connections take theirs from.
    private const int First = 10_000;
    private const int Last = 32_000;

    private static readonly HashSet<int> Taken = [];
    private static readonly Lock Gate = new();

    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
            }
            catch (SocketException)
            {
                continue;
            }

            lock (Gate)
            {
                if (Taken.Add(port)) return port;
            }
        }
    }
}
