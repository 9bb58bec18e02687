using HmsMesh.Broker.Native;
using HmsMesh.Broker.Sharing.Client;
using HmsMesh.Broker.Sharing.Server;
using HmsMesh.Broker.Sharing.Wire;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Broker.Sharing;

/// <content>Who writes.</content>
internal sealed partial class SharedBroker
{
    private static readonly TimeSpan Unavailable = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TryAgain = TimeSpan.FromMilliseconds(2);
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

        SharedSubscription[] subscriptions;
        lock (_gate)
        {
            subscriptions = [.. _subscriptions.Values];
        }

        await Task.WhenAll(subscriptions.Select(static one => one.DisposeAsync().AsTask())).ConfigureAwait(false);
        if (_outbox.IsValueCreated)
        {
            await Outbox.CloseAsync().WaitAsync(Unavailable, Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _closing.CancelAsync().ConfigureAwait(false);
        await _keeping.ConfigureAwait(false);
        if (_log is { } log)
        {
            await HandOverAsync(log).ConfigureAwait(false);
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

        _lock?.Dispose();
        _closing.Dispose();
        _switch.Dispose();
    }

    /// <summary>What waits for the disk is written and answered; then another process may go on.</summary>
    private async ValueTask HandOverAsync(LogBroker log)
    {
        await log.EndSubscriptionsAsync().ConfigureAwait(false);
        var server = _server is null ? null : await _server.ConfigureAwait(false);
        await using (server)
        {
            var farewell = server is null ? null : await server.StopAsync().ConfigureAwait(false);
            await using (farewell)
            {
                await log.DisposeAsync().ConfigureAwait(false);
            }
        }
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
            catch (BrokerException e)
            {
                // Damage, or a writer that this process can't talk to: nothing that a moment changes.
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
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryLock(out var holder) is { } taken)
            {
                await WriteAsync(taken, cancellationToken).ConfigureAwait(false);
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

            await Task.Delay(TryAgain, Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private bool Shares() => ProcessLock.ReadNote(BrokerFolder.Lock(Folder)) is not null;

    private ProcessLock? TryLock(out int? holder)
    {
        try
        {
            return ProcessLock.TryTake(BrokerFolder.Lock(Folder), out holder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BrokerException($"The broker folder {Folder} can't be opened: {e.Message}", e);
        }
    }

    /// <summary>This process writes from now on.</summary>
    private async Task WriteAsync(ProcessLock taken, CancellationToken cancellationToken)
    {
        taken.Note($"shares {Protocol.Version}");
        LogBroker log;
        IReadOnlyCollection<string> living;
        try
        {
            (log, living) = await Task.Run(() => (LogBroker.Open(_options, Folder, Logger), Living()), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            taken.Dispose();
            throw;
        }

        _lock = taken;
        if (living.Count > 0 || _alive is not null)
        {
            log.Core.Hold();
        }

        _log = log;
        if (_outbox.IsValueCreated)
        {
            Outbox.Attach(log);
        }

        _available.TrySetResult();
        _server = Task.Run(() => Listen(log, living), CancellationToken.None);
        await _switch.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            SharedSubscription[] subscriptions;
            lock (_gate)
            {
                subscriptions = [.. _subscriptions.Values];
            }

            await Task.WhenAll(subscriptions.Select(one => one.AttachAsync(log, CancellationToken.None))).ConfigureAwait(false);
        }
        finally
        {
            _switch.Release();
        }

        _ = ReleaseAsync(log, _server);
    }

    private static async Task ReleaseAsync(LogBroker log, Task<SocketServer?> listening)
    {
        if (await listening.ConfigureAwait(false) is { } server)
        {
            server.OwnReturned();
        }
        else
        {
            log.Core.Release();
        }
    }

    private SocketServer? Listen(LogBroker log, IReadOnlyCollection<string> living)
    {
        var server = new SocketServer(log, Folder, living, Logger);
        try
        {
            server.Start();
            return server;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException)
        {
            BrokerLog.ListenFailed(Logger, e, Folder);
            _ = server.DisposeAsync().AsTask();
            return null;
        }
    }

    /// <summary>The other processes that live and had the writer before this one; what dead ones left is taken away.</summary>
    private List<string> Living()
    {
        var living = new List<string>();
        if (!Directory.Exists(BrokerFolder.Clients(Folder)))
        {
            return living;
        }

        foreach (var path in Directory.EnumerateFiles(BrokerFolder.Clients(Folder)))
        {
            if (Path.GetFileName(path) == _client)
            {
                continue;
            }

            if (ProcessLock.IsHeld(path))
            {
                living.Add(Path.GetFileName(path));
            }
            else
            {
                File.Delete(path);
            }
        }

        return living;
    }

    private async Task<bool> JoinAsync(CancellationToken cancellationToken)
    {
        // Alive first: the writer may ask before it has answered.
        _alive ??= ProcessLock.TryTake(Path.Combine(BrokerFolder.MakeClients(Folder), _client), out _);
        if (await RemoteSession.TryConnectAsync(this, _client, _lastDelivery + 1, cancellationToken).ConfigureAwait(false) is not { } session)
        {
            return false;
        }

        session.Start();
        Outbox.Attach(session);
        await _switch.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            SharedSubscription[] subscriptions;
            lock (_gate)
            {
                subscriptions = [.. _subscriptions.Values];
            }

            var attaching = subscriptions.Select(one => AttachAsync(one, session)).ToArray();
            session.Ready();
            _session = session;
            _available.TrySetResult();
            await Task.WhenAll(attaching).ConfigureAwait(false);
        }
        catch (SessionLostException)
        {
            // Whoever follows the session finds out.
            _session = session;
            _available.TrySetResult();
        }
        finally
        {
            _switch.Release();
        }

        BrokerLog.Shares(Logger, session.Pid, Folder);
        return true;
    }

    private async Task AttachAsync(SharedSubscription subscription, RemoteSession session)
    {
        try
        {
            await subscription.AttachAsync(session, CancellationToken.None).ConfigureAwait(false);
        }
        catch (BrokerException e)
        {
            BrokerLog.NotAttached(Logger, subscription.Options.Consumer, subscription.Options.Topic, e.Message);
        }
    }

    private void Compare(RemoteSession session)
    {
        if (session.Retention != _options.Retention || session.MaxSize != _options.MaxSize || session.SegmentSize != _options.SegmentSize)
        {
            BrokerLog.OtherOptions(Logger, Folder);
        }
    }
}
