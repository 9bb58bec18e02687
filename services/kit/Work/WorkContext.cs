using System.Data.Common;
using HmsMesh.Contracts;
using Microsoft.Extensions.Logging;

namespace HmsMesh.Kit;

/// <summary>What a piece of work stands on: its transaction, and the events that it said so far.</summary>
internal sealed class WorkContext
{
    private readonly List<Action> _afterCommit = [];
    private readonly List<Saying> _said = [];
    private int _newerFor;
    private int _olderFor;

    public required DbConnection Db { get; init; }

    public required IServiceProvider Services { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Log { get; init; }

    public required Speech Speech { get; init; }

    /// <summary>The event that this is a reaction to.</summary>
    public CloudEvent? Cause { get; set; }

    /// <summary>A rehearsal is rolled back and counts for nothing.</summary>
    public bool IsRehearsal { get; init; }

    /// <summary>The handler asked, and the event was not newer for anyone.</summary>
    public bool IsStale
    {
        get => field || (_olderFor > 0 && _newerFor == 0);
        set;
    }

    public IReadOnlyList<Saying> Said => _said;

    public IReadOnlyList<Action> ActionsAfterCommit => _afterCommit;

    public void Say<T>(string topic, T data) => _said.Add(Speech.Check(topic, data));

    public void AfterCommit(Action action) => _afterCommit.Add(action);

    public async Task<bool> IsNewerAsync(CloudEvent cloudEvent, string state, string key, CancellationToken cancellationToken)
    {
        var isNewer = await Staleness.IsNewerAsync(Db, cloudEvent, state, key, cancellationToken).ConfigureAwait(false);
        _ = isNewer ? _newerFor++ : _olderFor++;
        return isNewer;
    }
}
