using HmsMesh.Broker.State;

namespace HmsMesh.Broker.Consumers;

/// <summary>An event that a consumer owes an answer for, and that holds its key.</summary>
internal sealed class PendingEvent(long offset, string? key)
{
    public long Offset { get; } = offset;

    public string? Key { get; } = key;

    /// <summary>In memory only while it is on its way.</summary>
    public StoredEvent? Event { get; set; }

    /// <summary>How often it failed.</summary>
    public int Tries { get; set; }

    /// <summary>When it may go again, in UTC ticks.</summary>
    public long Due { get; set; }

    public string? Cause { get; set; }

    public string? FirstTrace { get; set; }

    /// <summary>How it ended.</summary>
    public VerdictKind Verdict { get; set; }

    /// <summary>Where it goes now that it is given up; null while it is not.</summary>
    public string? Grave { get; set; }

    public RetryState State => new(Offset, Tries, Due, Cause, FirstTrace);
}
