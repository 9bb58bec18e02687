namespace HmsMesh.Broker;

/// <summary>A place where the log is not as it was written.</summary>
/// <param name="Position">The byte in the file where it begins.</param>
/// <param name="From">The first offset that is lost by it.</param>
/// <param name="Until">The offset after the last one that is lost; the same as <paramref name="From"/> where no record is.</param>
public sealed record LogDamage(string File, long Position, string What, long From, long Until);
