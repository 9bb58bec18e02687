namespace HmsMesh.Kit;

/// <summary>What handlers of a state have in common.</summary>
public static class HandlingExtensions
{
    /// <summary>The keys that this event is news for: the one it names, or, where it names none, each of those known that was told
    /// nothing newer. A key that is not known has no news; see <see cref="Handling.IsNewerAsync"/>.</summary>
    /// <param name="handling">The handling of the event.</param>
    /// <param name="state">What the events tell of, such as "beds".</param>
    /// <param name="key">Whose state; null for everyone's.</param>
    /// <param name="known">All keys that the service has.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<IReadOnlyList<string>> NewsForAsync(
        this Handling handling, string state, string? key, IEnumerable<string> known, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handling);
        ArgumentNullException.ThrowIfNull(known);
        var news = new List<string>();
        var asked = 0;
        foreach (var one in known.Where(k => key is null || k == key))
        {
            asked++;
            if (await handling.IsNewerAsync(state, one, cancellationToken).ConfigureAwait(false))
            {
                news.Add(one);
            }
        }

        // Last, as it would make the event look old to each key. It is there for keys that come to be known later.
        if (key is null)
        {
            await handling.IsNewerAsync(state, "*", cancellationToken).ConfigureAwait(false);
        }

        // An event about all that is news to none of them is a stale one, though it is kept for those that come later.
        handling.Context.IsStale = news.Count == 0 && asked > 0;
        return news;
    }
}
