using System.Net;
using System.Net.Sockets;
using System.Text;
using HmsMesh.Broker;
using HmsMesh.Properties.Tests.Support;
using HmsMesh.Sidecar;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Properties.Tests.Http;

/// <summary>Whatever comes in at a sidecar's port ends with an answer that is no 500, or with a close; and the next good call is answered.</summary>
public sealed class HttpProperties : IAsyncLifetime
{
    /// <summary>A sender that leaves its side open is waited for so long before the test hangs up itself.</summary>
    private const int Patience = 60;

    private static readonly string[] DaprsOwn =
        ["ERR_STATE_STORE_NOT_SUPPORTED", "ERR_PUBSUB_PUBLISH_MESSAGE", "ERR_PUBSUB_CLOUD_EVENTS_SER", "ERR_STATE_SAVE", "ERR_STATE_DELETE", "ERR_STATE_GET", "ERR_STATE_QUERY", "ERR_STATE_TRANSACTION", "ERR_SECRET_GET", "ERR_DIRECT_INVOKE"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("properties-");
    private readonly BrokerPool _brokers = new(NullLoggerFactory.Instance);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private MeshSidecar _sidecar = null!;

    public async ValueTask InitializeAsync()
    {
        var resources = Directory.CreateDirectory(Path.Combine(_folder.FullName, "resources")).FullName;
        foreach (var (name, type) in new[] { ("pubsub", "pubsub.embedded"), ("store", "state.in-memory"), ("database", "state.sqlite"), ("s", "secretstores.local.env") })
        {
            var database = Path.Combine(_folder.FullName, "state.db");
            await File.WriteAllTextAsync(Path.Combine(resources, name + ".yaml"), $$"""
                apiVersion: dapr.io/v1alpha1
                kind: Component
                metadata: {name: {{name}}}
                spec: {type: {{type}}, version: v1, metadata: [{{(type == "state.sqlite" ? $"{{name: connectionString, value: '{database}'}}" : "")}}]}
                """, TestContext.Current.CancellationToken);
        }

        var options = new SidecarOptions { AppId = "app", HttpPort = 0, ResourcesPaths = [resources], DataPath = Path.Combine(_folder.FullName, "data"), GracefulShutdown = TimeSpan.FromSeconds(1) };
        _sidecar = await MeshSidecar.StartAsync(options, new SidecarServices(NullLoggerFactory.Instance, _brokers, TimeProvider.System), TestContext.Current.CancellationToken);
        await _sidecar.Ready;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _sidecar.DisposeAsync();
        await _brokers.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Call_AnyBytes_EndsWithAnAnswerThatIsNo500OrAClose_AndTheNextGoodCallIsAnswered() => Holds.ForAll(
        RawCalls.All,
        call =>
        {
            var answer = Send(call);
            var sent = call.Pieces.SelectMany(static piece => piece).ToArray();
            if (answer.Contains(" 500 ", StringComparison.Ordinal) && sent.AsSpan().StartsWith("HEAD "u8))
            {
                // An answer to HEAD tells no code: it is the one that GET gets.
                answer = Send(call with { Pieces = ["GET "u8.ToArray(), sent[5..]] });
            }

            if (answer.Contains(" 500 ", StringComparison.Ordinal))
            {
                // daprd's own answers to what a store can't do, to a body that is too large, and to words it doesn't know.
                DaprsOwn.ShouldContain(code => answer.Contains($"\"errorCode\":\"{code}\"", StringComparison.Ordinal), answer);
            }

            using var good = new StringContent("{\"ok\":true}", Encoding.UTF8, "application/json");
            _http.PostAsync(new Uri($"http://127.0.0.1:{_sidecar.HttpPort}/v1.0/publish/pubsub/orders"), good, TestContext.Current.CancellationToken)
                .GetAwaiter().GetResult().StatusCode.ShouldBe(HttpStatusCode.NoContent);
        },
        600);

    [Fact]
    public async Task Call_ChunkWhoseLengthHasTooManyDigits_IsAnsweredWith400()
    {
        var answer = await Task.Run(() => Send(new RawCall(
            ["POST /v1.0/publish/pubsub/orders HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n}"u8.ToArray()], Closes: false), wait: 10_000));

        answer.ShouldStartWith("HTTP/1.1 400");
    }

    /// <summary>The status line of the answer; empty: closed without one, or the sender has not ended what it began.</summary>
    private string Send(RawCall call, int wait = Patience)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = call.Closes ? 30_000 : wait };
        socket.Connect(IPAddress.Loopback, _sidecar.HttpPort);
        var answer = new List<byte>();
        try
        {
            foreach (var piece in call.Pieces)
            {
                socket.Send(piece);
            }

            if (call.Closes)
            {
                socket.Shutdown(SocketShutdown.Send);
            }

            var buffer = new byte[4096];
            for (var read = socket.Receive(buffer); read > 0; read = socket.Receive(buffer))
            {
                answer.AddRange(buffer.AsSpan(0, read));
            }
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown || (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock && !call.Closes))
        {
            // Hung up on, or left waiting for the rest by a sender that never closes.
        }

        // Of several answers on one connection each counts.
        var text = Encoding.Latin1.GetString([.. answer]);
        return string.Join('\n', text.Split('\n').Where(static line => line.StartsWith("HTTP/1.1 ", StringComparison.Ordinal)).Append(
            text.Contains("HTTP/1.1 500 ", StringComparison.Ordinal) ? text[..Math.Min(text.Length, 2_000)] : ""));
    }
}
