using HmsMesh.Contracts;

namespace HmsMesh.Kit;

/// <summary>One arrival of an event at a service.</summary>
/// <param name="AppId">The service.</param>
/// <param name="Topic">The topic that it came by.</param>
/// <param name="Event">The envelope; null where it couldn't be read.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="IsStale">The handler found a newer one in its place.</param>
/// <param name="Age">The time from when it was said to when its effects were saved.</param>
/// <param name="Reason">Why it was dropped or failed.</param>
public sealed record HandledEvent(string AppId, string Topic, CloudEvent? Event, Outcome Outcome, bool IsStale, TimeSpan Age, string? Reason);
