using HmsMesh.Broker;

namespace HmsMesh.Sidecar.PubSub.Publishing;

/// <summary>Events on their way to a component: sends those that are not accepted yet.</summary>
internal sealed class PublishBatch(IPubSub component, IReadOnlyList<OutgoingEvent> events)
{
    private readonly PublishResult[] _results = new PublishResult[events.Count];
    private List<int>? _pending;
    private bool _done;

    public IReadOnlyList<PublishResult> Results => _results;

    /// <summary>True when all are accepted.</summary>
    public async ValueTask<bool> SendAsync(CancellationToken cancellationToken)
    {
        var sending = _pending is null ? events : [.. _pending.Select(index => events[index])];
        var results = await component.PublishAsync(sending, cancellationToken).ConfigureAwait(false);
        List<int>? left = null;
        for (var i = 0; i < results.Count; i++)
        {
            var index = _pending is null ? i : _pending[i];
            _results[index] = results[i];
            if (!results[i].Accepted)
            {
                (left ??= []).Add(index);
            }
        }

        _pending = left ?? [];
        return _done = left is null;
    }

    /// <summary>Says of all that are not accepted why, where the policy ended the last try.</summary>
    public void Fail(string problem)
    {
        for (var i = 0; i < _results.Length && !_done; i++)
        {
            if (_pending is null || _pending.Contains(i))
            {
                _results[i] = new(PublishStatus.Failed, -1, problem);
            }
        }
    }
}
