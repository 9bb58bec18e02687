using System.Net;
using System.Net.Sockets;

namespace HmsMesh.Shared;

/// <summary>Ports that nobody listens on, below those of `mesh up` and those that the system gives to outgoing connections: none of
/// these takes one before the program that it is for listens there. None is given twice by one process.</summary>
internal static class FreePorts
{
    private const int First = 10_000;
    private const int Last = 20_000;
    private static readonly Lock Gate = new();
    private static readonly HashSet<int> Given = [];

    public static int Take()
    {
        lock (Gate)
        {
            for (var tries = 0; tries < 1000; tries++)
            {
                var port = Random.Shared.Next(First, Last);
                if (!Given.Contains(port) && IsFree(port))
                {
                    Given.Add(port);
                    return port;
                }
            }
        }

        throw new InvalidOperationException($"No free port was found between {First} and {Last}.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
