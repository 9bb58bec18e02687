using System.Net;
using System.Net.Sockets;

namespace HmsMesh.Sidecar.Invocation.Request;

/// <summary>This host, as calls name it to the other app.</summary>
internal sealed record HostAddress(string Address, string Name)
{
    /// <summary>RFC 7239.</summary>
    public string Forwarded { get; } =
        $"for={Node(Address)};by={Node(Address)}{(Name.Length > 0 ? $";host={Name}" : "")}";

    public static HostAddress Of(IReadOnlyDictionary<string, string> environment) =>
        new(environment.GetValueOrDefault("DAPR_HOST_IP") is { Length: > 0 } given ? given : Outward(), Dns.GetHostName());

    private static string Node(string address) => address.Contains(':', StringComparison.Ordinal) ? $"\"[{address}]\"" : address;

    /// <summary>The address of the way out. Connecting a datagram socket sends nothing.</summary>
    private static string Outward()
    {
        try
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            probe.Connect(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 9));
            return ((IPEndPoint)probe.LocalEndPoint!).Address.ToString();
        }
        catch (SocketException)
        {
            return IPAddress.Loopback.ToString();
        }
    }
}
