using HmsMesh.Contracts;

namespace HmsMesh.Kit;

/// <summary>The handling of one event, once: its effects and the note that it was handled are one transaction.</summary>
public sealed class Handling : Work
{
    internal Handling(WorkContext context, CloudEvent cloudEvent)
        : base(context) => Event = cloudEvent;

    public CloudEvent Event { get; }

    /// <summary>How long ago the event was said.</summary>
    public TimeSpan Age => Event.Time is { } time ? Time.GetUtcNow() - time : TimeSpan.Zero;

    /// <summary>True if this event is newer than what was last taken for this key of this state, and for all its keys ("*"); remembers it
    /// then. An event without a sequence is always newer. A stale one is counted.</summary>
    /// <param name="state">What the events tell of, such as "beds": the topics that set it and unset it share one name.</param>
    /// <param name="key">Whose state, such as the facility; "*" for all of them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<bool> IsNewerAsync(string state, string key, CancellationToken cancellationToken) => Context.IsNewerAsync(Event, state, key, cancellationToken);
}
