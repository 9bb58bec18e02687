using HmsMesh.Journey.Options;

namespace HmsMesh.Journey.Stream;

/// <summary>The options at one moment, and how to learn of the next.</summary>
internal sealed class Snapshot(IReadOnlyList<Option> options)
{
    private readonly TaskCompletionSource _replaced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<Option> Options { get; } = options;

    public long Version { get; } = options.Count == 0 ? 0 : options.Max(o => o.Version);

    /// <summary>Completes when there is a newer snapshot.</summary>
    public Task Replaced => _replaced.Task;

    public void Replace() => _replaced.TrySetResult();

    /// <summary>What a page that saw everything up to a version still needs, oldest change first. A version from the future is of a
    /// database that is no more: everything.</summary>
    public IEnumerable<Option> Since(long version) =>
        Options.Where(o => version > Version || o.Version > version).OrderBy(o => o.Version);
}
