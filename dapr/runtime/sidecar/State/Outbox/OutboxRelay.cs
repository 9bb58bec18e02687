using HmsMesh.Broker;
using HmsMesh.Sidecar.Hosting;
using HmsMesh.Sidecar.PubSub;
using HmsMesh.Sidecar.PubSub.Publishing;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Sidecar.State.Outbox;

/// <summary>Publishes what a store's transactions kept, in their order, again and again until it is accepted. What a crash left between
/// commit and publish, or between publish and forgetting, is found at the start: an event may come twice then, with the same id.</summary>
internal sealed class OutboxRelay : IAsyncDisposable
{
    private const int Together = 256;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    // What another instance of this app left behind in the same file.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(15);

    private readonly string _store;
    private readonly SidecarRuntime _runtime;
    private readonly PubSubDirectory _pubSubs;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _wake = new(1, 1);
    private readonly CancellationTokenSource _stopped = new();
    private readonly HashSet<long> _refused = [];
    private readonly ITimer _look;
    private readonly Task _running;
    private volatile bool _draining;

    public OutboxRelay(string store, SidecarRuntime runtime, PubSubDirectory pubSubs, ILogger log)
    {
        (_store, _runtime, _pubSubs, _log) = (store, runtime, pubSubs, log);
        _look = runtime.Time.CreateTimer(static relay => ((OutboxRelay)relay!).Wake(), this, Look, Look);
        _running = RunAsync();
    }

    /// <summary>There is something to publish.</summary>
    public void Wake()
    {
        try
        {
            if (_wake.CurrentCount == 0)
            {
                _wake.Release();
            }
        }
        catch (SemaphoreFullException)
        {
            // Another call woke it.
        }
    }

    /// <summary>Publishes what waits, once, and ends; what is left is published at the next start.</summary>
    public async Task StopAsync(CancellationToken drained)
    {
        _draining = true;
        Wake();
        await _running.WaitAsync(drained).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await DisposeAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _look.DisposeAsync().ConfigureAwait(false);
        await _stopped.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopped.Dispose();
    }

    private async Task RunAsync()
    {
        var failures = 0;
        while (!_stopped.IsCancellationRequested)
        {
            if (failures == 0)
            {
                await _wake.WaitAsync(_stopped.Token).ConfigureAwait(false);
            }
            else
            {
                var wait = FirstWait * Math.Pow(2, Math.Min(failures - 1, 20));
                await Task.Delay(wait < LongestWait ? wait : LongestWait, _runtime.Time, _stopped.Token).ConfigureAwait(false);
            }

            var problem = await PassAsync().ConfigureAwait(false);
            failures = problem is null ? 0 : failures + 1;
            if (problem is not null)
            {
                Log.NotRelayed(_log, _store, problem);
            }

            if (_draining)
            {
                return;
            }
        }
    }

    /// <summary>Publishes all that is kept. Why something is left; null: nothing is.</summary>
    private async Task<string?> PassAsync()
    {
        try
        {
            while (_runtime.Components.TryGet<IStateStore>(_store, out var store))
            {
                var kept = await store.PendingAsync(_runtime.Options.AppId, Together + _refused.Count, _stopped.Token).ConfigureAwait(false);
                var rows = kept.Where(row => !_refused.Contains(row.Sequence)).ToList();
                if (rows.Count == 0)
                {
                    return null;
                }

                var pubSub = rows[0].Event.PubSub;
                if (await PublishAsync(store, pubSub, [.. rows.TakeWhile(row => row.Event.PubSub == pubSub)]).ConfigureAwait(false) is { } problem)
                {
                    return problem;
                }
            }

            return null;
        }
        catch (Exception failure) when (!_stopped.IsCancellationRequested)
        {
            // Whatever it is, a cancellation of somebody else's too, the events are kept and are tried again.
            return failure.Message;
        }
    }

    private async Task<string?> PublishAsync(IStateStore store, string pubSub, IReadOnlyList<OutboxRow> rows)
    {
        if (!_pubSubs.TryGet(pubSub, out var target))
        {
            return $"pubsub {pubSub} is not found";
        }

        var results = await Publisher.PublishAsync(target, [.. rows.Select(static row => row.Event.Outgoing())], _stopped.Token).ConfigureAwait(false);
        await store.RemoveAsync([.. rows.Where((_, at) => results[at].Accepted).Select(static row => row.Sequence)], _stopped.Token).ConfigureAwait(false);
        string? problem = null;
        for (var at = 0; at < rows.Count; at++)
        {
            if (results[at].Status == PublishStatus.TooLarge)
            {
                // No later try can end otherwise, and those behind it must not wait for it. It stays in the store.
                _refused.Add(rows[at].Sequence);
                Log.NeverRelayed(_log, rows[at].Event.Id, _store, PublishFaults.Problem(results[at]));
            }
            else if (!results[at].Accepted)
            {
                problem ??= PublishFaults.Problem(results[at]);
            }
        }

        return problem;
    }
}
