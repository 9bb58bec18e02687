using System.Text.Json;

namespace HmsMesh.Cli.Control;

/// <summary>One event as `mesh watch --json` prints it.</summary>
/// <param name="Offset">Its place in the log.</param>
/// <param name="Time">When the broker took it.</param>
/// <param name="Topic">What it was said on.</param>
/// <param name="Id">The CloudEvent's id.</param>
/// <param name="Source">Who said it.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Data">The payload; absent where it isn't JSON.</param>
/// <param name="DeadBecause">The cause, where it is a dead letter.</param>
internal sealed record WatchedEvent(
    long Offset, DateTimeOffset Time, string Topic, string? Id, string? Source, string? Subject, JsonElement? Data, string? DeadBecause);
