namespace HmsMesh.Testing.Journal;

/// <summary>A list that can be awaited: each entry is matched once when it is added, or at once when it is there.</summary>
internal sealed class Ledger<T>
{
    private readonly Lock _gate = new();
    private readonly List<T> _entries = [];
    private readonly List<(Func<T, bool> Match, TaskCompletionSource<T> Found)> _waiting = [];

    public IReadOnlyList<T> All
    {
        get
        {
            lock (_gate)
                return [.. _entries];
        }
    }

    public void Add(T entry)
    {
        lock (_gate)
        {
            _entries.Add(entry);
            // Continuations run elsewhere, so nobody waits under this lock.
            _waiting.RemoveAll(w => w.Match(entry) && w.Found.TrySetResult(entry));
        }
    }

    public Task<T> FirstAsync(Func<T, bool> match)
    {
        lock (_gate)
        {
            foreach (var entry in _entries)
            {
                if (match(entry))
                    return Task.FromResult(entry);
            }

            var found = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((match, found));
            return found.Task;
        }
    }
}
