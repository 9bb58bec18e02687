using System.Globalization;
using System.Text;
using HmsMesh.Contracts;
using HmsMesh.Kit;

namespace HmsMesh.Testing.Journal;

/// <summary>Everything that the services of the mesh heard and said, which tests await.</summary>
internal sealed class MeshJournal(LogTail log) : IMeshObserver
{
    private readonly Ledger<HandledEvent> _arrivals = new();
    private readonly Ledger<Saying> _sayings = new();

    public IReadOnlyList<HandledEvent> Arrivals => _arrivals.All;

    public IReadOnlyList<Saying> Sayings => _sayings.All;

    public void Handled(HandledEvent handled) => _arrivals.Add(handled);

    public void Sent(string appId, CloudEvent cloudEvent) => _sayings.Add(new Saying(appId, cloudEvent));

    public Task<HandledEvent> ArrivedAsync(string what, Func<HandledEvent, bool> match, TimeSpan within) =>
        AwaitAsync(what, _arrivals.FirstAsync(match), within);

    public Task<Saying> SaidAsync(string what, Func<Saying, bool> match, TimeSpan within) =>
        AwaitAsync(what, _sayings.FirstAsync(match), within);

    private async Task<T> AwaitAsync<T>(string what, Task<T> happening, TimeSpan within)
    {
        try
        {
            return await happening.WaitAsync(within, TimeProvider.System).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new MeshTimeoutException(Story(what, within));
        }
    }

    private string Story(string what, TimeSpan within)
    {
        var story = new StringBuilder();
        story.AppendLine(CultureInfo.InvariantCulture, $"Waited {within.TotalSeconds:0.###} s for {what}.");
        story.AppendLine(Arrivals.Count == 0 ? "Nothing arrived at any service." : "What arrived:");
        foreach (var e in Arrivals)
        {
            story.AppendLine(
                CultureInfo.InvariantCulture,
                $"  {e.AppId}: {e.Topic} {e.Event?.Id ?? "(unreadable)"} {e.Outcome}{(e.IsStale ? ", stale" : "")} after {e.Age.TotalMilliseconds:F1} ms {e.Reason}");
        }

        story.AppendLine(Sayings.Count == 0 ? "No service said anything." : "What the services said:");
        foreach (var (appId, e) in Sayings)
            story.AppendLine(CultureInfo.InvariantCulture, $"  {appId}: {e.Topic} {e.Id}, caused by {e.CausationId ?? "nothing"}");
        story.AppendLine("The end of the log:");
        foreach (var line in log.Lines)
            story.AppendLine(CultureInfo.InvariantCulture, $"  {line}");
        return story.ToString();
    }
}
