using HmsMesh.Broker.Log;
using HmsMesh.Broker.Sharing.Wire;

namespace HmsMesh.Broker.Sharing.Server;

/// <content>What it asks. One more kind of request is one more case here, and its call in <see cref="Client.RemoteSession"/>.</content>
internal sealed partial class ClientConnection
{
    private int _requests;

    private ValueTask RequestAsync(ReadOnlyMemory<byte> payload)
    {
        var reader = new PayloadReader(payload.Span);
        var (id, kind) = (reader.Number(), (RequestKind)reader.Byte());
        if (Interlocked.Increment(ref _requests) > Protocol.MaxRequests)
        {
            throw new ProtocolException($"more than {Protocol.MaxRequests} requests at once");
        }

        switch (kind)
        {
            case RequestKind.Attach:
                // Frames that follow may speak of it.
                return new ValueTask(AttachAsync(id, WireCodec.ReadAttach(ref reader)));
            case RequestKind.Register:
                var options = WireCodec.ReadOptions(ref reader);
                Start(id, async cancel =>
                {
                    await _log.RegisterAsync(options, cancel).ConfigureAwait(false);
                    return [];
                });
                break;
            case RequestKind.Detach:
                var detached = Detach(reader.Number());
                Start(id, async cancel =>
                {
                    await (detached?.Attached?.DisposeAsync().AsTask().WaitAsync(cancel) ?? Task.CompletedTask).ConfigureAwait(false);
                    return [];
                });
                break;
            case RequestKind.Forget:
                var consumer = WireCodec.Text(ref reader);
                Start(id, async cancel => StateNumber(await _log.ForgetAsync(consumer, cancel).ConfigureAwait(false)));
                break;
            case RequestKind.Status:
                Start(id, async cancel => Bytes(await _log.StatusAsync(cancel).ConfigureAwait(false)));
                break;
            case RequestKind.Log:
                var after = reader.Number();
                Start(id, async cancel => await LogAsync(after, cancel).ConfigureAwait(false));
                break;
            default:
                throw new ProtocolException($"a request of kind {(int)kind}");
        }

        return ValueTask.CompletedTask;
    }

    private void Start(long id, Func<CancellationToken, Task<byte[]>> answer) => _ = AnswerAsync(id, answer);

    private async Task AnswerAsync(long id, Func<CancellationToken, Task<byte[]>> answer)
    {
        var (ok, payload, problem) = (true, (byte[])[], "");
        try
        {
            payload = await answer(_end.Token).ConfigureAwait(false);
        }
        catch (BrokerException e)
        {
            (ok, problem) = (false, e.Message);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The next writer is asked.
            return;
        }

        Interlocked.Decrement(ref _requests);
        if (!ok && _server.Closing)
        {
            return;
        }

        Answer(id, ok, payload, problem);
    }

    private void Answer(long id, bool ok, byte[] payload, string problem)
    {
        var writer = PayloadWriter.Rent();
        writer.Number(id);
        writer.Byte(ok ? (byte)1 : (byte)0);
        if (ok)
        {
            writer.Bytes(payload);
        }
        else
        {
            writer.Text(problem);
        }

        _output.TryWrite(FrameKind.Answer, writer.Written);
    }

    private async Task AttachAsync(long id, AttachRequest attach)
    {
        var remote = new RemoteSubscription(this, attach.Id);
        remote.Pause(attach.Paused);
        lock (_gate)
        {
            if (_subscriptions.Count >= Protocol.MaxSubscriptions || !_subscriptions.TryAdd(attach.Id, remote))
            {
                throw new ProtocolException($"a subscription {attach.Id} attached twice, or more than {Protocol.MaxSubscriptions}");
            }
        }

        await AnswerAsync(id, async cancel =>
        {
            try
            {
                await _log.AttachAsync(attach.Options, null, remote, subscription =>
                {
                    remote.Attach(subscription);
                    Adopt(remote, subscription, attach);
                }, cancel).ConfigureAwait(false);
            }
            catch (BrokerException)
            {
                Detach(attach.Id);
                throw;
            }

            return [];
        }).ConfigureAwait(false);
    }

    private RemoteSubscription? Detach(long id)
    {
        lock (_gate)
        {
            return _subscriptions.Remove(id, out var found) ? found : null;
        }
    }

    private async Task<byte[]> LogAsync(long after, CancellationToken cancellationToken)
    {
        var files = _log.Core.Files;
        await files.WaitAsync(after, cancellationToken).ConfigureAwait(false);

        return LogExtent.Of(files).ToBytes();
    }

    private static byte[] StateNumber(long value)
    {
        var writer = PayloadWriter.Rent();
        writer.Number(value);
        return writer.ToArray();
    }

    private static byte[] Bytes(BrokerStatus status)
    {
        var writer = PayloadWriter.Rent();
        WireCodec.Write(writer, status);
        return writer.ToArray();
    }
}
