using HmsMesh.Broker.Native;
using HmsMesh.Broker.Sharing.Client;
using HmsMesh.Broker.Sharing.Wire;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Broker.Sharing;

/// <content>Who writes.</content>
internal sealed partial class SharedBroker
{
    private static readonly TimeSpan Unavailable = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TryAgain = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan TryAgainSoon = TimeSpan.FromMilliseconds(16);
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TryAgainSlowly = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan TryAgainLater = TimeSpan.FromSeconds(5);

    /// <summary>Opens the folder's log, or joins the process that has it open.</summary>
    public static async ValueTask<IEventBroker> OpenAsync(BrokerOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        var broker = new SharedBroker(options, BrokerFolder.Prepare(options.Path), logger);
        try
        {
            await broker.ObtainAsync(limited: true, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await broker.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        if (broker._session is { } session)
        {
            broker.Compare(session);
            broker._keeping = broker.KeepAsync(session);
        }

        return broker;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
        {
            return;
        }

        await Task.WhenAll(Subscriptions().Select(static one => one.DisposeAsync().AsTask())).ConfigureAwait(false);
        if (_outbox.IsValueCreated)
        {
            await Outbox.CloseAsync().WaitAsync(Unavailable, Time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _closing.CancelAsync().ConfigureAwait(false);
        await _keeping.ConfigureAwait(false);
        if (_seat is not null)
        {
            await _seat.DisposeAsync().ConfigureAwait(false);
        }

        if (_session is { } session)
        {
            await session.DisposeAsync().ConfigureAwait(false);
        }

        if (_outbox.IsValueCreated)
        {
            Outbox.Dispose();
        }

        if (_reader.IsValueCreated)
        {
            Reader.Dispose();
        }

        if (_alive is not null)
        {
            File.Delete(Path.Combine(BrokerFolder.Clients(Folder), _client));
            _alive.Dispose();
        }

        _closing.Dispose();
        _switch.Dispose();
    }

    /// <summary>Follows one writer after another, until this process is it.</summary>
    private async Task KeepAsync(RemoteSession session)
    {
        try
        {
            while (_log is null)
            {
                await session.Lost.WaitAsync(_closing.Token).ConfigureAwait(false);
                var lost = Time.GetTimestamp();
                Lose(session);
                await session.DisposeAsync().ConfigureAwait(false);
                await FindNextAsync().ConfigureAwait(false);
                if (_session is not { } next)
                {
                    BrokerLog.TookOver(Logger, Folder, (long)Time.GetElapsedTime(lost).TotalMilliseconds);
                    return;
                }

                session = next;
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The last one is left as it is.
        }
    }

    private async Task FindNextAsync()
    {
        while (true)
        {
            try
            {
                await ObtainAsync(limited: false, _closing.Token).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException && !_closing.IsCancellationRequested)
            {
                // Damage, no descriptors, or a writer that this process can't talk to: nothing that a moment changes.
                BrokerLog.CannotOpen(Logger, Folder, TryAgainLater.TotalSeconds, e.Message);
                Outbox.Refuse(e.Message);
                await Task.Delay(TryAgainLater, Time, _closing.Token).ConfigureAwait(false);
            }
        }
    }

    private void Lose(RemoteSession session)
    {
        _available = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _session = null;
        Outbox.Lost(session);
        lock (_gate)
        {
            foreach (var one in _subscriptions.Values)
            {
                one.Lost(session);
            }
        }
    }

    /// <summary>Takes the lock or finds the one that has it, whichever comes first.</summary>
    private async Task ObtainAsync(bool limited, CancellationToken cancellationToken)
    {
        var began = Time.GetTimestamp();
        var pause = TryAgain;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryLock(BrokerFolder.Lock(Folder), out var holder) is { } taken)
            {
                await WriteAsync(taken).ConfigureAwait(false);
                return;
            }

            if (await JoinAsync(cancellationToken).ConfigureAwait(false))
            {
                return;
            }

            if (limited && Time.GetElapsedTime(began) is var waited && waited > (Shares() ? Unavailable : Protocol.Stranger))
            {
                throw new BrokerLockedException(
                    Folder, holder, Shares() ? "it does not answer on the folder's socket" : "it is of a version that shares with nobody");
            }

            await Task.Delay(pause, Time, cancellationToken).ConfigureAwait(false);

            // The many that ask take the machine from the one that they wait for.
            pause = Time.GetElapsedTime(began) > Patient ? TryAgainSlowly : pause < TryAgainSoon ? pause * 2 : TryAgainSoon;
        }
    }

    private bool Shares() => ProcessLock.ReadNote(BrokerFolder.Lock(Folder)) is not null;

    private ProcessLock? TryLock(string path, out int? holder)
    {
        try
        {
            return ProcessLock.TryTake(path, out holder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BrokerException($"The broker folder {Folder} can't be opened: {e.Message}", e);
        }
    }

    /// <summary>This process writes from now on.</summary>
    private async Task WriteAsync(ProcessLock taken)
    {
        // It reads and syncs files, which holds up no thread of the pool.
        var seat = await Task.Factory.StartNew(
            () => WriterSeat.OpenAsync(_options, Folder, _client, _alive is not null, taken, Logger),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap().ConfigureAwait(false);
        (_seat, _log) = (seat, seat.Log);
        if (_outbox.IsValueCreated)
        {
            Outbox.Attach(seat.Log);
        }

        _available.TrySetResult();
        seat.Listen();
        await _switch.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            await Task.WhenAll(Subscriptions().Select(one => AttachAsync(one, seat.Log, null))).ConfigureAwait(false);
        }
        finally
        {
            _switch.Release();
            _ = seat.OwnReturnedAsync();
        }
    }

    private async Task<bool> JoinAsync(CancellationToken cancellationToken)
    {
        // Alive first: the writer may ask before it has answered.
        _alive ??= TryLock(Path.Combine(BrokerFolder.MakeClients(Folder), _client), out _);
        if (_alive is null)
        {
            // Another process looks at it just now.
            return false;
        }

        if (await RemoteSession.TryConnectAsync(this, _client, _lastDelivery + 1, cancellationToken).ConfigureAwait(false) is not { } session)
        {
            return false;
        }

        session.Start();
        Outbox.Attach(session);
        await _switch.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            var attaching = Task.WhenAll(Subscriptions().Select(one => AttachAsync(one, null, session)));
            session.Ready();
            _session = session;
            _available.TrySetResult();

            // A writer that stands still answers when it goes on; until then it must not keep this process from closing.
            await attaching.WaitAsync(Protocol.Handshake, Time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            _switch.Release();
        }

        BrokerLog.Shares(Logger, session.Writer.Pid, Folder);
        return true;
    }

    private void Compare(RemoteSession session)
    {
        if (session.Writer.Retention != _options.Retention || session.Writer.MaxSize != _options.MaxSize || session.Writer.SegmentSize != _options.SegmentSize)
        {
            BrokerLog.OtherOptions(Logger, Folder);
        }
    }
}
