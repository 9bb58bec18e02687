using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace HmsMesh.Conformance.Running;

/// <summary>Asks a NATS server for a stream, in its client protocol.</summary>
internal static class JetStream
{
    public static async Task MakeAsync(string server, string stream, CancellationToken cancellationToken)
    {
        var wish = JsonNode.Parse(stream)!.AsObject();
        (wish["storage"], wish["retention"]) = ("memory", "limits");
        var body = wish.ToJsonString();
        var colon = server.LastIndexOf(':');
        using var client = new TcpClient();
        await client.ConnectAsync(server[..colon], int.Parse(server.AsSpan(colon + 1), CultureInfo.InvariantCulture), cancellationToken).ConfigureAwait(false);
        var socket = client.GetStream();
        var words = $"CONNECT {{\"verbose\":false}}\r\nSUB _INBOX.c 1\r\nPUB $JS.API.STREAM.CREATE.{wish["name"]} _INBOX.c {Encoding.UTF8.GetByteCount(body)}\r\n{body}\r\n";
        await socket.WriteAsync(Encoding.UTF8.GetBytes(words), cancellationToken).ConfigureAwait(false);
        var reply = new StringBuilder();
        var buffer = new byte[4096];
        while (!reply.ToString().Contains("\"type\"", StringComparison.Ordinal))
        {
            var read = await socket.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (read == 0) throw new ScenarioException("NATS closed the connection");
            reply.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        if (reply.ToString().Contains("\"error\"", StringComparison.Ordinal)) throw new ScenarioException($"NATS made no stream: {reply}");
    }
}
