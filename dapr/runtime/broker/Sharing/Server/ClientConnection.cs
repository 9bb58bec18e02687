using System.Net.Sockets;
using HmsMesh.Broker.Consumers;
using HmsMesh.Broker.Log;
using HmsMesh.Broker.Native;
using HmsMesh.Broker.Sharing.Wire;
using HmsMesh.Broker.Writing;

namespace HmsMesh.Broker.Sharing.Server;

/// <summary>One process that publishes and subscribes through this one. Its frames are handled in their order; what goes out is never
/// waited for. Whatever it says is checked: one that breaks the protocol is cut off.</summary>
internal sealed partial class ClientConnection : IDisposable
{
    private const int MaxLate = 1 << 16;
    private readonly SocketServer _server;
    private readonly LogBroker _log;
    private readonly Socket _socket;
    private readonly FrameInput _input;
    private readonly FrameOutput _output;
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<long, RemoteSubscription> _subscriptions = [];
    private readonly Dictionary<long, RemoteDelivery> _deliveries = [];
    private readonly HashSet<long> _late = [];
    private long _nextDelivery = 1;
    private long _publishing;
    private TaskCompletionSource? _room;
    private bool _gone;

    public ClientConnection(SocketServer server, LogBroker log, Socket socket)
    {
        (_server, _log, _socket) = (server, log, socket);
        _input = new FrameInput(socket, server.Time);
        _output = new FrameOutput(socket, Protocol.MaxUnsent, End);
    }

    /// <summary>What it calls itself: the name of the lock file that it holds.</summary>
    public string Client { get; private set; } = "";

    public int Pid { get; private set; }

    public async Task RunAsync()
    {
        try
        {
            if (!PeerUser.IsOurs(_socket))
            {
                throw new ProtocolException("it runs as another user");
            }

            await ReceiveAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is ProtocolException or InvalidDataException)
        {
            BrokerLog.PeerCutOff(_server.Logger, Pid, _server.Folder, e.Message);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // It is gone, or this process closes.
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Nothing more is read, and what was not answered is left to the next writer.</summary>
    public void End()
    {
        try
        {
            _end.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended.
        }
    }

    /// <summary>Sends what is left, for a while, and closes.</summary>
    public async Task CloseAsync(TimeSpan limit)
    {
        await _output.EndAsync().WaitAsync(limit, TimeProvider.System, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
        _output.Dispose();
    }

    /// <summary>A publish has its results.</summary>
    public void Published(long id, int bytes, PublishResult[] results)
    {
        var writer = PayloadWriter.Rent();
        writer.Number(id);
        WireCodec.Write(writer, results);
        _output.TryWrite(FrameKind.Published, writer.Written);
        if (Interlocked.Add(ref _publishing, -bytes) < Protocol.MaxPublishing)
        {
            Interlocked.Exchange(ref _room, null)?.TrySetResult();
        }
    }

    private async Task ReceiveAsync()
    {
        using (var limit = new CancellationTokenSource(Protocol.Handshake, _server.Time))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _end.Token))
        {
            await GreetAsync(either.Token).ConfigureAwait(false);
        }

        do
        {
            while (_input.TryNext(out var kind, out var payload))
            {
                await HandleAsync(kind, payload).ConfigureAwait(false);
            }

            await RoomAsync().ConfigureAwait(false);
        }
        while (await HeardAsync().ConfigureAwait(false));
    }

    private async Task GreetAsync(CancellationToken cancellationToken)
    {
        FrameKind kind;
        ReadOnlyMemory<byte> payload;
        while (!_input.TryNext(out kind, out payload))
        {
            if (!await _input.FillAsync(cancellationToken).ConfigureAwait(false))
            {
                throw new OperationCanceledException();
            }
        }

        if (kind != FrameKind.Hello)
        {
            throw new ProtocolException($"it began with a frame of kind {(int)kind}");
        }

        var (version, client, pid, next) = Greeting.Read(payload.Span);
        if (version != Protocol.Version)
        {
            _output.TryWrite(FrameKind.Refusal, Greeting.Refusal().Written);
            throw new ProtocolException($"it speaks version {version}, this process version {Protocol.Version}");
        }

        (Client, Pid, _nextDelivery) = (client, pid, next);
        _input.Limit = Protocol.MaxFrame;
        _server.Joined(this);
        _output.TryWrite(FrameKind.Welcome, Greeting.Welcome(_log.Core.Options).Written);
    }

    private ValueTask HandleAsync(FrameKind kind, ReadOnlyMemory<byte> payload)
    {
        switch (kind)
        {
            case FrameKind.Publish:
                Publish(payload.Span);
                return ValueTask.CompletedTask;
            case FrameKind.Verdicts:
                Answered(payload.Span);
                return ValueTask.CompletedTask;
            case FrameKind.Request:
                return RequestAsync(payload);
            case FrameKind.Pause or FrameKind.Resume:
                Find(payload.Span)?.Pause(kind == FrameKind.Pause);
                return ValueTask.CompletedTask;
            case FrameKind.Ready:
                _server.Returned(this);
                return ValueTask.CompletedTask;
            case FrameKind.Pong:
                return ValueTask.CompletedTask;
            default:
                throw new ProtocolException($"a frame of kind {(int)kind}");
        }
    }

    private void Publish(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        var id = reader.Number();
        var items = new PublishItem[WireCodec.Between(reader.Number(), 1, Math.Min(Protocol.MaxEvents, reader.Left))];
        PublishResult? refused = null;
        for (var i = 0; i < items.Length; i++)
        {
            var to = WireCodec.OptionalText(ref reader);
            var bytes = reader.Bytes().ToArray();
            var head = EventCodec.Inspect(bytes);
            refused ??= _log.Refusal(head.PubSub, head.Topic, to);
            items[i] = refused is null ? _log.Item(bytes, head, to) : default;
        }

        if (refused is null)
        {
            var request = new RemotePublish(this, id, items);
            Interlocked.Add(ref _publishing, request.Bytes);
            if (_log.Core.Queue.TryAdd(request) is not { } status)
            {
                return;
            }

            Interlocked.Add(ref _publishing, -request.Bytes);
            refused = new PublishResult(status, 0, "Too many publishes wait for the disk.");
        }

        // What a closing writer does not take is sent to the next one.
        if (refused.Value.Status != PublishStatus.Closed)
        {
            var results = new PublishResult[items.Length];
            Array.Fill(results, refused.Value);
            Published(id, 0, results);
        }
    }

    private async ValueTask RoomAsync()
    {
        while (Volatile.Read(ref _publishing) >= Protocol.MaxPublishing)
        {
            var fresh = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var room = Interlocked.CompareExchange(ref _room, fresh, null) ?? fresh;
            if (Volatile.Read(ref _publishing) >= Protocol.MaxPublishing)
            {
                await room.Task.WaitAsync(_end.Token).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Null where it was refused, or has ended: its instance may not know yet.</summary>
    private RemoteSubscription? Find(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        var id = reader.Number();
        lock (_gate)
        {
            return _subscriptions.GetValueOrDefault(id);
        }
    }

    private void Leave()
    {
        RemoteSubscription[] subscriptions;
        RemoteDelivery[] deliveries;
        lock (_gate)
        {
            _gone = true;
            (subscriptions, deliveries) = ([.. _subscriptions.Values], [.. _deliveries.Values]);
            _subscriptions.Clear();
            _deliveries.Clear();
        }

        foreach (var one in subscriptions)
        {
            // It ends with the last of its deliveries, for which nobody waits here.
            _ = one.Attached?.DisposeAsync().AsTask();
        }

        _server.Left(this, deliveries);
        if (!_server.Closing)
        {
            _ = CloseAsync(TimeSpan.FromSeconds(1));
        }

        Dispose();
    }

    /// <summary>It ends by itself, when its peer does.</summary>
    public void Dispose()
    {
        _input.Dispose();
        _end.Dispose();
    }
}
