using System.Net.Sockets;
using HmsMesh.Broker.Log;
using HmsMesh.Broker.Native;
using HmsMesh.Broker.Sharing.Wire;

namespace HmsMesh.Broker.Sharing.Client;

/// <summary>The connection to the process that writes. What it says is believed no more than what a client says.</summary>
internal sealed class RemoteSession : IAsyncDisposable
{
    private readonly SharedBroker _broker;
    private readonly Socket _socket;
    private readonly FrameInput _input;
    private readonly FrameOutput _output;
    private readonly Lock _gate = new();
    private readonly Dictionary<long, TaskCompletionSource<byte[]>> _requests = [];
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _nextRequest = 1;
    private bool _ended;

    private RemoteSession(SharedBroker broker, Socket socket)
    {
        (_broker, _socket) = (broker, socket);
        _input = new FrameInput(socket, broker.Time);
        _output = new FrameOutput(socket, int.MaxValue / 2, End);
    }

    /// <summary>Who writes, and how.</summary>
    public Welcome Writer { get; private set; } = Welcome.Nobody;

    /// <summary>Completes when the writer is gone.</summary>
    public Task Lost => _lost.Task;

    /// <summary>Connects, or returns null where nobody listens. Throws <see cref="BrokerLockedException"/> where the writer can't be shared.</summary>
    public static async Task<RemoteSession?> TryConnectAsync(SharedBroker broker, string client, long nextDelivery, CancellationToken cancellationToken)
    {
        if (await Greeting.ConnectAsync(broker.Folder).ConfigureAwait(false) is not { } socket)
        {
            return null;
        }

        var session = new RemoteSession(broker, socket);
        try
        {
            if (!PeerUser.IsOurs(socket))
            {
                throw new BrokerLockedException(broker.Folder, null, "it runs as another user");
            }

            Greeting.Say(session._output, client, nextDelivery);
            using var limit = new CancellationTokenSource(Protocol.Handshake, broker.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            await using (either.Token.UnsafeRegister(static one => ((Socket)one!).Dispose(), socket).ConfigureAwait(false))
            {
                if (await Greeting.WelcomeAsync(session._input, broker.Folder).ConfigureAwait(false) is { } writer)
                {
                    session.Writer = writer;
                    return session;
                }
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or ProtocolException or InvalidDataException)
        {
            // Nobody who answers in time, or as one should: the lock decides what next.
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        await session.DisposeAsync().ConfigureAwait(false);
        return null;
    }

    /// <summary>Begins to receive.</summary>
    public void Start() => _ = RunAsync();

    public void Publish(PendingPublish pending)
    {
        var writer = PayloadWriter.Rent();
        writer.Number(pending.Id);
        writer.Number(pending.Events.Length);
        foreach (var one in pending.Events)
        {
            writer.OptionalText(one.To);
            writer.Bytes(one.Payload);
        }

        _output.TryWrite(FrameKind.Publish, writer.Written);
    }

    public void Say(FrameKind kind, long subscription)
    {
        var writer = PayloadWriter.Rent();
        writer.Number(subscription);
        _output.TryWrite(kind, writer.Written);
    }

    /// <summary>A request whose answer does not matter.</summary>
    public void Say(RequestKind kind, long number)
    {
        try
        {
            _ = RequestAsync(kind, writer => writer.Number(number), CancellationToken.None)
                .ContinueWith(static done => done.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
        catch (SessionLostException)
        {
            // Nobody is there to be told.
        }
    }

    /// <summary>The verdicts of a delivery.</summary>
    public void Say(long subscription, UnderWay delivery)
    {
        var writer = PayloadWriter.Rent();
        writer.Number(subscription);
        writer.Number(delivery.Id);
        WireCodec.Write(writer, delivery.Verdicts!);
        _output.TryWrite(FrameKind.Verdicts, writer.Written);
    }

    /// <summary>Everything is attached again.</summary>
    public void Ready() => _output.TryWrite(FrameKind.Ready, []);

    /// <summary>Asks the writer. Throws <see cref="SessionLostException"/> where it does not live to answer.</summary>
    public Task<byte[]> RequestAsync(RequestKind kind, Action<PayloadWriter>? write, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        long id;
        lock (_gate)
        {
            if (_ended)
            {
                throw new SessionLostException();
            }

            id = _nextRequest++;
            _requests.Add(id, answer);
        }

        var writer = PayloadWriter.Rent();
        writer.Number(id);
        writer.Byte((byte)kind);
        write?.Invoke(writer);
        _output.TryWrite(FrameKind.Request, writer.Written);
        return answer.Task.WaitAsync(cancellationToken);
    }

    public void End() => _socket.Dispose();

    public async ValueTask DisposeAsync()
    {
        await _output.EndAsync().WaitAsync(TimeSpan.FromSeconds(1), _broker.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        End();
        _output.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            do
            {
                while (_input.TryNext(out var kind, out var payload))
                {
                    Handle(kind, payload.Span);
                }
            }
            while (await _input.TryFillAsync().ConfigureAwait(false));
        }
        catch (Exception e) when (e is ProtocolException or InvalidDataException)
        {
            BrokerLog.PeerCutOff(_broker.Logger, Writer.Pid, _broker.Folder, e.Message);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Whoever waits for the writer is told that it is gone.</summary>
    private void Leave()
    {
        TaskCompletionSource<byte[]>[] open;
        lock (_gate)
        {
            _ended = true;
            open = [.. _requests.Values];
            _requests.Clear();
        }

        End();
        _input.Dispose();
        _lost.TrySetResult();
        foreach (var one in open)
        {
            one.TrySetException(new SessionLostException());
        }
    }

    private void Handle(FrameKind kind, ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        switch (kind)
        {
            case FrameKind.Published:
                _broker.Outbox.Answered(reader.Number(), ref reader);
                break;
            case FrameKind.Answer:
                Answered(ref reader);
                break;
            case FrameKind.Deliver:
                Deliver(ref reader);
                break;
            case FrameKind.Cancel:
                _broker.Find(reader.Number())?.Cancel(reader.Number());
                break;
            case FrameKind.Settled:
                _broker.Find(reader.Number())?.Settled(reader.Number());
                break;
            case FrameKind.Ping:
                _output.TryWrite(FrameKind.Pong, []);
                break;
            default:
                throw new ProtocolException($"a frame of kind {(int)kind}");
        }
    }

    private void Answered(ref PayloadReader reader)
    {
        var (id, ok) = (reader.Number(), reader.Byte() != 0);
        TaskCompletionSource<byte[]>? answer;
        lock (_gate)
        {
            if (!_requests.Remove(id, out answer))
            {
                throw new ProtocolException("an answer to what was not asked");
            }
        }

        if (ok)
        {
            answer.TrySetResult(reader.Bytes().ToArray());
        }
        else
        {
            answer.TrySetException(new BrokerException(reader.Text()));
        }
    }

    private void Deliver(ref PayloadReader reader)
    {
        var (subscription, id) = (reader.Number(), reader.Number());
        var count = (int)WireCodec.Between(reader.Number(), 1, Math.Min(Protocol.MaxEvents, reader.Left));
        var (offsets, places, tries) = (new long[count], new RecordPlace[count], new int[count]);
        for (var i = 0; i < count; i++)
        {
            offsets[i] = reader.Number();
            places[i] = new RecordPlace(reader.Number(), WireCodec.Between(reader.Number(), 0, int.MaxValue));
            tries[i] = (int)WireCodec.Between(reader.Number(), 1, int.MaxValue);
        }

        _broker.Delivered(id);
        if (_broker.Find(subscription) is { } found)
        {
            found.Deliver(new UnderWay(found, id, offsets, places, tries));
            return;
        }

        // It was detached meanwhile.
        var back = new Verdict[count];
        Array.Fill(back, new Verdict(VerdictKind.GivenBack));
        var writer = PayloadWriter.Rent();
        writer.Number(subscription);
        writer.Number(id);
        WireCodec.Write(writer, back);
        _output.TryWrite(FrameKind.Verdicts, writer.Written);
    }
}
