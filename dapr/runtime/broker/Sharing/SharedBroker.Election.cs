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
    private static readonly TimeSpan TryAgainSoon = TimeSpan.FromMilliseconds(16);
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TryAgainSlowly = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ListenAgain = TimeSpan.FromSeconds(1);
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
            await Outbox.CloseAsync().WaitAsync(Unavailable, Time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
        var farewell = server is null ? null : await server.StopAsync().ConfigureAwait(false);
        await log.DisposeAsync().ConfigureAwait(false);
        if (server is not null)
        {
            await farewell!.DisposeAsync().ConfigureAwait(false);
            await server.DisposeAsync().ConfigureAwait(false);
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
    private async Task WriteAsync(ProcessLock taken, CancellationToken cancellationToken)
    {
        taken.Note($"shares {Protocol.Version}");
        LogBroker log;
        List<string> living;
        try
        {
            // Who lives is asked first: nothing may fail once the log is open. It reads and syncs files, which holds up no thread of the pool.
            (living, log) = await Task.Factory.StartNew(
                () => (Living(), LogBroker.Open(_options, Folder, Logger)), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
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
        var listening = Task.Run(() => Listen(log, living), CancellationToken.None);
        _server = KeepListeningAsync(log, listening);
        await _switch.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            SharedSubscription[] subscriptions;
            lock (_gate)
            {
                subscriptions = [.. _subscriptions.Values];
            }

            await Task.WhenAll(subscriptions.Select(one => AttachAsync(one, log, null))).ConfigureAwait(false);
        }
        finally
        {
            _switch.Release();
            _ = ReleaseAsync(log, listening);
        }
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

    /// <summary>Where there was no descriptor or no room for the socket, there may be later. Nothing waits for others by then.</summary>
    private async Task<SocketServer?> KeepListeningAsync(LogBroker log, Task<SocketServer?> first)
    {
        var server = await first.ConfigureAwait(false);
        try
        {
            while (server is null)
            {
                await Task.Delay(ListenAgain, Time, _closing.Token).ConfigureAwait(false);
                server = Listen(log, []);
                await ReleaseAsync(log, Task.FromResult(server)).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // Nobody has joined, so nobody is left behind.
        }

        return server;
    }

    private SocketServer? Listen(LogBroker log, IReadOnlyCollection<string> living)
    {
        SocketServer? server = null;
        try
        {
            server = new SocketServer(log, Folder, living, Logger);
            server.Start();
            return server;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException)
        {
            BrokerLog.ListenFailed(Logger, e, Folder);
            _ = server?.DisposeAsync().AsTask();
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

            if (!ProcessLock.TryRemove(path))
            {
                living.Add(Path.GetFileName(path));
            }
        }

        return living;
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
            SharedSubscription[] subscriptions;
            lock (_gate)
            {
                subscriptions = [.. _subscriptions.Values];
            }

            var attaching = Task.WhenAll(subscriptions.Select(one => AttachAsync(one, null, session)));
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

        BrokerLog.Shares(Logger, session.Pid, Folder);
        return true;
    }

    /// <summary>Attaches to this process's log or by the session to another's. One that is refused is tried again; the others go on.</summary>
    private async Task AttachAsync(SharedSubscription subscription, LogBroker? log, RemoteSession? session)
    {
        try
        {
            await (log is not null
                ? subscription.AttachAsync(log, CancellationToken.None)
                : subscription.AttachAsync(session!, CancellationToken.None)).ConfigureAwait(false);
        }
        catch (SessionLostException)
        {
            // Whoever follows the session finds out.
        }
        catch (BrokerException e)
        {
            BrokerLog.NotAttached(Logger, subscription.Options.Consumer, subscription.Options.Topic, TryAgainLater.TotalSeconds, e.Message);
            _ = AttachLaterAsync(subscription, log, session);
        }
    }

    private async Task AttachLaterAsync(SharedSubscription subscription, LogBroker? log, RemoteSession? session)
    {
        try
        {
            await Task.Delay(TryAgainLater, Time, _closing.Token).ConfigureAwait(false);
            await _switch.WaitAsync(_closing.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            return;
        }

        try
        {
            // Another writer was attached to as a whole.
            if (_log == log && (log is not null || _session == session) && Find(subscription.Id) == subscription)
            {
                await AttachAsync(subscription, log, session).WaitAsync(Protocol.Handshake, Time, CancellationToken.None)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            _switch.Release();
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
