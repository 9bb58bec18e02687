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
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(1);

    /// <summary>A sidecar that was started at the same time registers when it is ready; so long a first call waits for it.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);
    private readonly ConcurrentDictionary<string, NameEntry> _entries = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly SqliteNamesFile _file;
    private readonly SqliteNamesOptions _options;
    private readonly SidecarRuntime _runtime;
    private readonly SidecarClient _client;
    private readonly Func<string> _address;
    private readonly ILogger _log;
    private readonly string _registration = Guid.NewGuid().ToString();
    private Task _keeping = Task.CompletedTask;
    private volatile bool _registered;

    /// <param name="address">Where this sidecar is called; asked when it registers.</param>
    public SqliteNames(SidecarRuntime runtime, SqliteNamesOptions options, SidecarClient client, Func<string> address, ILogger log)
    {
        (_runtime, _options, _client, _address, _log) = (runtime, options, client, address, log);
        _file = new(options);
    }

    public void Register() => _keeping = Task.Run(KeepAsync, CancellationToken.None);

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
        if (_entries.TryGetValue(appId, out var entry) && entry.Read != 0 && !again && entry.Set.Count > 0)
        {
            var age = _runtime.Time.GetElapsedTime(entry.Read);
            if (age < s_fresh)
            {
                return entry.Set;
            }

            if (age < _options.UpdateInterval)
            {
                // Beside the call: what was known a moment ago does for it.
                ReadBeside(appId, entry);
                return entry.Set;
            }
        }

        var before = entry?.Read ?? 0;
        entry = await ReadAsync(appId, cancellationToken).ConfigureAwait(false);
        if (entry.Set.Count == 0 && !again && (before == 0 || _runtime.Time.GetElapsedTime(before) > _options.UpdateInterval))
        {
            for (var waited = TimeSpan.Zero; entry.Set.Count == 0 && waited < s_patience; waited += s_pause)
            {
                await Task.Delay(s_pause, _runtime.Time, cancellationToken).ConfigureAwait(false);
                entry = await ReadAsync(appId, cancellationToken).ConfigureAwait(false);
            }
        }

        return entry.Set;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        _file.Dispose();
        _stop.Dispose();
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

                wait = _options.UpdateInterval - _options.Timeout;
            }
            catch (SidecarException failure)
            {
                Log.NamesFailed(_log, failure.Message);
                wait = s_fresh;
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

    private void ReadBeside(string appId, NameEntry entry)
    {
        lock (entry)
        {
            if (entry.Reading is null or { IsCompleted: true })
            {
                entry.Reading = Task.Run(() => ReadAsync(appId, _stop.Token), CancellationToken.None)
                    .ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
    }

    private async Task<NameEntry> ReadAsync(string appId, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> found = [];
        await DoAsync(() => found = _file.Find(appId), cancellationToken).ConfigureAwait(false);
        if (_entries.Count > MostNames)
        {
            _entries.Clear();
        }

        var entry = _entries.GetOrAdd(appId, static _ => new NameEntry());
        lock (entry)
        {
            var before = entry.Set;
            if (before.Count != found.Count || found.Any(address => before.Find(address) is null))
            {
                entry.Set = new InstanceSet(
                    [.. found.Select(address => before.Find(address) ?? new Instance(new RemoteCallee(appId, address, _client), address))]).After(before);
            }

            entry.Read = _runtime.Time.GetTimestamp();
        }

        return entry;
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
