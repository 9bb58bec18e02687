using System.Buffers.Binary;
using System.Net.Sockets;
using HmsMesh.Broker.Log;
using HmsMesh.Broker.Sharing.Wire;
using HmsMesh.Broker.Tests.Support;

namespace HmsMesh.Broker.Tests.Sharing;

/// <summary>A peer on the socket that lies is cut off, and harms nobody.</summary>
public class LyingPeerTests
{
    public static TheoryData<string> Lies => [.. All.Keys];

    private static Dictionary<string, Action<Peer>> All { get; } = new(StringComparer.Ordinal)
    {
        ["garbage"] = static peer => peer.Raw("GET / HTTP/1.1\r\nHost: broker\r\n\r\n"u8.ToArray()),
        ["nothing of its kind before the greeting"] = static peer => peer.Send(FrameKind.Publish, static _ => { }),
        ["a greeting that is too long"] = static peer => peer.Length(2000),
        ["another magic"] = static peer => peer.Send(FrameKind.Hello, static writer => writer.Int64(1)),
        ["another version"] = static peer => peer.Hello(version: 99),
        ["a name that leaves the folder"] = static peer => peer.Hello(client: "../../../../../../etc/passwd----"),
        ["an empty frame"] = static peer => peer.Hello().Length(0),
        ["a frame of 4 GB"] = static peer => peer.Hello().Length(uint.MaxValue),
        ["a frame that is a byte too long"] = static peer => peer.Hello().Length(Protocol.MaxFrame + 1),
        ["a kind that there is not"] = static peer => peer.Hello().Send((FrameKind)200, static _ => { }),
        ["a kind that only the writer says"] = static peer => peer.Hello().Send(FrameKind.Deliver, static _ => { }),
        ["a request of a kind that there is not"] = static peer => peer.Hello().Send(FrameKind.Request, static writer =>
        {
            writer.Number(1);
            writer.Byte(250);
        }),
        ["a publish of a billion events"] = static peer => peer.Hello().Send(FrameKind.Publish, static writer =>
        {
            writer.Number(1);
            writer.Number(1_000_000_000);
        }),
        ["a publish that ends too early"] = static peer => peer.Hello().Send(FrameKind.Publish, static writer =>
        {
            writer.Number(1);
            writer.Number(1);
            writer.Byte(0);
            writer.Number(1000);
        }),
        ["an event that is none"] = static peer => peer.Hello().Publish([1, 2, 3]),
        ["an event with bytes behind it"] = static peer => peer.Hello().Publish([.. EventCodec.Encode(Make.Event("x"), DateTimeOffset.UnixEpoch, null), 7]),
        ["a dead letter of its own"] = static peer => peer.Hello().Publish(
            EventCodec.Encode(Make.Event("x"), DateTimeOffset.UnixEpoch, new DeadLetter("app", "orders", 1, "because", 1, null))),
        ["verdicts on a delivery that it never had"] = static peer => peer.Hello().Send(FrameKind.Verdicts, static writer =>
        {
            writer.Number(1);
            writer.Number(77);
            WireCodec.Write(writer, (Verdict[])[Verdict.Handled]);
        }),
        ["a subscription attached twice"] = static peer => peer.Hello().Attach(1).Attach(1),
        ["a claim on an event that is not in the log"] = static peer => peer.Hello().Attach(1, new UnderWayClaim(1, [1_000_000], [1], null)),
        ["a claim told twice"] = static peer => peer.Hello().Attach(1, new UnderWayClaim(1, [2], [1], null), new UnderWayClaim(1, [3], [1], null)),
        ["a lease of no time"] = static peer => peer.Hello().Attach(1, Make.Subscription() with { Lease = TimeSpan.Zero }),
        ["half a frame, then the end"] = static peer =>
        {
            peer.Hello().Raw([100, 0, 0, 0, 2, 1]);
            peer.HangUp();
        },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task Lie_IsCutOffAndHarmsNobody(string lie)
    {
        using var folder = new TemporaryFolder();
        await using var writer = await Make.BrokerAsync(folder);
        await using var client = await Make.BrokerAsync(folder);
        var recorder = new Recorder();
        await using var subscription = await client.SubscribeAsync(Make.Subscription(consumer: "honest"), recorder, Make.Token);
        await client.StoreAsync(Make.Event("before"));
        using var peer = await Peer.ConnectAsync(folder.Path);

        All[lie](peer);

        await peer.EndAsync();
        await client.StoreAsync(Make.Event("after"));
        (await recorder.NextAsync(2)).Select(static one => one.Event.Text()).ShouldBe(["before", "after"]);
        (await writer.ReadAllAsync()).Select(Make.Text).ShouldBe(["before", "after"]);
        await Wait.UntilAsync(() => writer.Subscribers().Single(static one => one.Consumer == "honest") is { Lag: 0, InFlight: 0 });
    }

    [Fact]
    public async Task Detach_OfWhatWasRefused_IsNoLie()
    {
        using var folder = new TemporaryFolder();
        await using var writer = await Make.BrokerAsync(folder);
        using var peer = await Peer.ConnectAsync(folder.Path);

        peer.Hello().Send(FrameKind.Pause, static writer => writer.Number(5));
        peer.Send(FrameKind.Resume, static writer => writer.Number(5));
        peer.Send(FrameKind.Request, static writer =>
        {
            writer.Number(9);
            writer.Byte((byte)RequestKind.Detach);
            writer.Number(5);
        });

        peer.Attach(1);
        await Wait.UntilAsync(() => writer.Subscribers() is [{ Attached: true }]);
        writer.Subscribers().ShouldHaveSingleItem().Attached.ShouldBeTrue();
    }

    [Fact]
    public async Task Answer_Twice_IsCutOffAndCountsOnce()
    {
        using var folder = new TemporaryFolder();
        await using var writer = await Make.BrokerAsync(folder);
        using var peer = await Peer.ConnectAsync(folder.Path);
        peer.Hello().Attach(1);
        await Wait.UntilAsync(() => writer.Subscribers() is [{ Attached: true }]);
        await writer.StoreAsync(Make.Event("one"));
        var (subscription, delivery) = await peer.DeliveredAsync();
        void Answer() => peer.Send(FrameKind.Verdicts, writer =>
        {
            writer.Number(subscription);
            writer.Number(delivery);
            WireCodec.Write(writer, (Verdict[])[Verdict.Handled]);
        });

        Answer();
        Answer();

        await peer.EndAsync();
        await Wait.UntilAsync(() => writer.Subscribers() is [{ Lag: 0, InFlight: 0, Attached: false }]);
    }

    [Fact]
    public async Task Answer_WithTooManyVerdicts_IsCutOffAndItsEventGoesOn()
    {
        using var folder = new TemporaryFolder();
        await using var writer = await Make.BrokerAsync(folder);
        using var peer = await Peer.ConnectAsync(folder.Path);
        peer.Hello().Attach(1);
        await Wait.UntilAsync(() => writer.Subscribers() is [{ Attached: true }]);
        await writer.StoreAsync(Make.Event("one"));
        var (subscription, delivery) = await peer.DeliveredAsync();
        var recorder = new Recorder();
        await using var honest = await writer.SubscribeAsync(Make.Subscription(), recorder, Make.Token);

        peer.Send(FrameKind.Verdicts, writer =>
        {
            writer.Number(subscription);
            writer.Number(delivery);
            WireCodec.Write(writer, (Verdict[])[Verdict.Handled, Verdict.Handled]);
        });

        await peer.EndAsync();
        (await recorder.NextAsync()).Try.ShouldBe(1);
    }

    [Fact]
    public async Task Silence_WithoutReading_HoldsUpNobody()
    {
        using var folder = new TemporaryFolder();
        await using var writer = await Make.BrokerAsync(folder);
        await using var client = await Make.BrokerAsync(folder);
        using var peer = await Peer.ConnectAsync(folder.Path);
        peer.Hello().Attach(1, Make.Subscription() with { Concurrency = 1000 });
        await Wait.UntilAsync(() => writer.Subscribers() is [{ Attached: true }]);
        var recorder = new Recorder();
        await using var honest = await client.SubscribeAsync(Make.Subscription(), recorder, Make.Token);

        for (var i = 0; i < 20; i++)
        {
            await client.PublishAsync([.. Enumerable.Range(0, 100).Select(static one => Make.Event(one))], Make.Token);
        }

        // What the stuck one took waits for its lease; everything else is handled.
        (await recorder.NextAsync(500)).Count.ShouldBe(500);
    }

    /// <summary>A hand that writes to the socket what it likes.</summary>
    private sealed class Peer(Socket socket) : IDisposable
    {
        public static async Task<Peer> ConnectAsync(string folder)
        {
            var path = Path.Combine(folder, "socket");
            Socket? socket = null;
            await Wait.UntilAsync(() => (socket = TryConnect(path)) is not null);
            return new Peer(socket!);
        }

        /// <summary>Null while the file is not there, or is and nobody listens yet.</summary>
        private static Socket? TryConnect(string path)
        {
            if (!File.Exists(path))
            {
                return null;
            }

            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                socket.Connect(new UnixDomainSocketEndPoint(path));
                return socket;
            }
            catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
            {
                socket.Dispose();
                return null;
            }
        }

        public Peer Raw(byte[] bytes)
        {
            socket.Send(bytes);
            return this;
        }

        public void Length(uint length)
        {
            var bytes = new byte[8];
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, length);
            Raw(bytes);
        }

        public Peer Send(FrameKind kind, Action<PayloadWriter> write)
        {
            var writer = PayloadWriter.Rent();
            write(writer);
            var frame = new byte[Protocol.Head + writer.Length];
            BinaryPrimitives.WriteUInt32LittleEndian(frame, (uint)writer.Length + 1);
            frame[4] = (byte)kind;
            writer.Written.CopyTo(frame.AsSpan(Protocol.Head));
            return Raw(frame);
        }

        public Peer Hello(int version = Protocol.Version, string? client = null) => Send(FrameKind.Hello, writer =>
        {
            writer.Int64(Protocol.Magic);
            writer.Number(version);
            writer.Text(client ?? new string('a', 32));
            writer.Number(1);
            writer.Number(1);
        });

        public void Publish(byte[] payload) => Send(FrameKind.Publish, writer =>
        {
            writer.Number(1);
            writer.Number(1);
            writer.Byte(0);
            writer.Bytes(payload);
        });

        public Peer Attach(long id, params UnderWayClaim[] claims) => Attach(id, Make.Subscription(), claims);

        public Peer Attach(long id, SubscriptionOptions options, params UnderWayClaim[] claims) => Send(FrameKind.Request, writer =>
        {
            writer.Number(1);
            writer.Byte((byte)RequestKind.Attach);
            WireCodec.Write(writer, new AttachRequest(id, options, Paused: false, claims));
        });

        public void HangUp() => socket.Shutdown(SocketShutdown.Send);

        /// <summary>Reads what comes until the other side closes.</summary>
        public async Task EndAsync()
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Make.Token);
            limit.CancelAfter(Make.Patience);
            try
            {
                while (await socket.ReceiveAsync(new byte[4096], SocketFlags.None, limit.Token) > 0)
                {
                    // What the writer said before it noticed.
                }
            }
            catch (SocketException)
            {
                // Reset, as there was more to read.
            }
        }

        public async Task<(long Subscription, long Delivery)> DeliveredAsync()
        {
            using var input = new FrameInput(socket, TimeProvider.System) { Limit = Protocol.MaxFrame };
            while (true)
            {
                while (input.TryNext(out var kind, out var payload))
                {
                    if (kind == FrameKind.Deliver)
                    {
                        var reader = new PayloadReader(payload.Span);
                        return (reader.Number(), reader.Number());
                    }
                }

                (await input.FillAsync(Make.Token)).ShouldBeTrue();
            }
        }

        public void Dispose() => socket.Dispose();
    }
}
