using System.Collections.Concurrent;
using HmsMesh.Sidecar.Hosting;
using HmsMesh.Sidecar.Invocation.Internal;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.Invocation.Names;

/// <summary>
/// Names by a SQLite file that the sidecars of a machine share. What was read of a name holds for a second; then it is read again beside the
/// calls. The own registration is renewed while the sidecar runs; one that died expires.
/// </summary>
internal sealed class SqliteNames : INameBook
{
    private const int MostNames = 10_000;
    private const int MostWaiting = 32;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    /// <summary>A sidecar that was started at the same time registers when it is ready; so long a first call waits for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly ConcurrentDictionary<string, NameEntry> _entries = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _close = new();
    private readonly CancellationToken _closed;
    private readonly SqliteNamesFile _file;
    private readonly SqliteNamesOptions _options;
    private readonly SidecarRuntime _runtime;
    private readonly SidecarClient _client;
    private readonly Func<string> _address;
    private readonly ILogger _log;
    private readonly string _registration = Guid.NewGuid().ToString();
    private Task _keeping = Task.CompletedTask;
    private readonly Func<NameEntry, Task> _read;
    private volatile bool _registered;
    private SidecarException? _failure;
    private long _failed;
    private int _waiting;

    /// <param name="address">Where this sidecar is called; asked when it registers.</param>
    public SqliteNames(SidecarRuntime runtime, SqliteNamesOptions options, SidecarClient client, Func<string> address, ILogger log)
    {
        (_runtime, _options, _client, _address, _log) = (runtime, options, client, address, log);
        _file = new(options);
        _closed = _close.Token;
        _read = ReadAsync;
    }

    public void Register() => _keeping = Task.Run(KeepAsync, CancellationToken.None);

    /// <summary>Takes the own name away; others are still found, as what is under way may call them.</summary>
    public async Task DeregisterAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_registered)
        {
            _registered = false;
            try
            {
                // However little time is left: others would call for seconds who isn't there.
                await DoAsync(() => _file.Deregister(_registration, _address()), CancellationToken.None).ConfigureAwait(false);
            }
            catch (SidecarException failure)
            {
                Log.NamesFailed(_log, failure.Message);
            }
        }
    }

    public async ValueTask<InstanceSet> FindAsync(string appId, string space, bool again, CancellationToken cancellationToken)
    {
        var entry = _entries.GetValueOrDefault(appId) ?? Add(appId);
        if (!again && entry.IsWithin(Fresh, _runtime.Time) && !entry.IsAwaited(Patience, _runtime.Time))
        {
            return entry.Set;
        }

        var known = entry.IsWithin(_options.UpdateInterval, _runtime.Time);
        if (!known)
        {
            entry.Ask(Patience, _runtime.Time);
        }

        var reading = entry.ReadAsync(_read);
        if (known && !again && entry.Set.Count > 0)
        {
            // Beside the call: what was known a moment ago does for it.
            return entry.Set;
        }

        await reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (again || !entry.IsAwaited(Patience, _runtime.Time) || Volatile.Read(ref _waiting) > MostWaiting)
        {
            return entry.Set;
        }

        Interlocked.Increment(ref _waiting);
        try
        {
            while (entry.IsAwaited(Patience, _runtime.Time))
            {
                await Task.Delay(Pause, _runtime.Time, cancellationToken).ConfigureAwait(false);
                await entry.ReadAsync(_read).WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        return entry.Set;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _close.CancelAsync().ConfigureAwait(false);
        await _keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        _file.Dispose();
        _stop.Dispose();
        _close.Dispose();
    }

    private async Task KeepAsync()
    {
        var stop = _stop.Token;
        var wait = TimeSpan.Zero;
        var cleaned = _runtime.Time.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(wait, _runtime.Time, stop).ConfigureAwait(false);
            try
            {
                _ = _client.Token.Get();
                var renewed = _registered;
                await DoAsync(Renew, stop).ConfigureAwait(false);
                if (!renewed)
                {
                    Log.Registered(_log, _runtime.Options.AppId, _address(), _options.Path);
                }

                if (_options.CleanupInterval > TimeSpan.Zero && _runtime.Time.GetElapsedTime(cleaned) >= _options.CleanupInterval)
                {
                    cleaned = _runtime.Time.GetTimestamp();
                    await DoAsync(_file.CleanUp, stop).ConfigureAwait(false);
                }

                // Twice in the time, so that one renewal that comes late takes nobody's name away.
                wait = (_options.UpdateInterval - _options.Timeout) / 2;
            }
            catch (SidecarException failure)
            {
                Log.NamesFailed(_log, failure.Message);
                wait = Fresh;
            }
        }
    }

    private void Renew()
    {
        if (!_registered || !_file.Renew(_registration, _address()))
        {
            _file.Register(_registration, _address(), _runtime.Options.AppId);
            _registered = true;
        }
    }

    private NameEntry Add(string appId)
    {
        if (_entries.Count > MostNames)
        {
            _entries.Clear();
        }

        return _entries.GetOrAdd(appId, static id => new NameEntry(id));
    }

    private async Task ReadAsync(NameEntry entry)
    {
        IReadOnlyList<string> found = [];
        try
        {
            await DoAsync(() => found = Find(entry.AppId), _closed).ConfigureAwait(false);
        }
        catch (Exception failure) when (entry.Set.Count > 0)
        {
            // What was known goes on.
            if (failure is SidecarException)
            {
                Log.NamesFailed(_log, failure.Message);
            }

            return;
        }

        var before = entry.Set;
        var same = before.Count == found.Count && found.All(address => before.Find(address) is not null);
        entry.Take(
            same ? before
            : new InstanceSet([.. found.Select(address => before.Find(address) ?? new Instance(new RemoteCallee(entry.AppId, address, _client), address))]).After(before),
            _runtime.Time);
    }

    /// <summary>A file that can't be read is not asked again by everybody who waits, as each would wait for it in turn.</summary>
    private IReadOnlyList<string> Find(string appId)
    {
        if (_failure is { } recent && _runtime.Time.GetElapsedTime(_failed) < Fresh)
        {
            throw recent;
        }

        try
        {
            _failure = null;
            return _file.Find(appId);
        }
        catch (SidecarException failure)
        {
            (_failure, _failed) = (failure, _runtime.Time.GetTimestamp());
            throw;
        }
    }

    /// <summary>SQLite waits in the thread that asks; so nobody's call is that thread, and one asks at a time.</summary>
    private async Task DoAsync(Action action, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await Task.Run(action, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }
}
