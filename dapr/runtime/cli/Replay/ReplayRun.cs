using System.Text.Json;
using HmsMesh.Broker;
using HmsMesh.Cli.BrokerData;

namespace HmsMesh.Cli.Replay;

/// <summary>One replay: 1. what would be sent; 2. the question; 3. sending; 4. what the handler answered.</summary>
internal sealed class ReplayRun(MeshContext context, string? data, EventChoice choice, bool again)
{
    private const int BatchCount = 200;
    private const int BatchBytes = 1 << 20;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    public TimeSpan Wait { get; init; }

    public bool Json { get; init; }

    public bool Yes { get; init; }

    public async Task<int> RunAsync(string app, string? pubSub, CancellationToken cancellationToken)
    {
        using var view = BrokerFolder.Look(context, data);
        var plan = BrokerFolder.Told(() => ReplayPlan.Make(view, choice, app, pubSub, cancellationToken));
        Describe(plan);
        if (plan.Offsets.Count == 0 || !MaySend(plan))
        {
            PrintJson(plan, null);
            return ExitCode.Done;
        }

        try
        {
            var sent = await SendAsync(view, plan, cancellationToken);
            var outcomes = await WatchAsync(view, plan, sent, cancellationToken);
            Report(outcomes);
            PrintJson(plan, outcomes);
            return outcomes.Any(static one => one.State is ReplayState.Failed or ReplayState.Dead) ? ExitCode.Failed : ExitCode.Done;
        }
        catch (BrokerException problem)
        {
            throw new MeshException(problem.Message);
        }
    }

    private void Describe(ReplayPlan plan)
    {
        var topics = plan.Topics.Count == 0 ? choice.Topic : string.Join(", ", plan.Topics);
        context.Error.WriteLine($"mesh: {plan.Offsets.Count} events of {topics} would go to {plan.App} again{(again ? ", under new ids" : "")}");
        if (plan.OfOthers > 0)
            context.Error.WriteLine($"  {plan.OfOthers} dead letters of other apps are left where they are");
        if (plan.Offsets.Count == 0)
            return;
        context.Error.WriteLine($"  first {Show.Time(plan.First)}, last {Show.Time(plan.Last)}");
        context.Error.WriteLine("  by key: " + string.Join(", ", plan.Keys.Select(static one => $"{one.Key} {one.Value}")));
    }

    private bool MaySend(ReplayPlan plan)
    {
        if (Yes)
            return true;
        if (!context.Interactive)
        {
            context.Error.WriteLine("mesh: nothing was sent; --yes sends them");
            return false;
        }

        if (Question.Ask(context, $"Send {plan.Offsets.Count} events to {plan.App}?"))
            return true;
        context.Error.WriteLine("mesh: nothing was sent");
        return false;
    }

    /// <summary>In log order, so that the order by key holds.</summary>
    private async Task<List<long>> SendAsync(LogView view, ReplayPlan plan, CancellationToken cancellationToken)
    {
        await using var broker = await BrokerFolder.OpenAsync(context, view.Folder, cancellationToken);
        var sent = new List<long>(plan.Offsets.Count);
        var batch = new List<OutgoingEvent>();
        var bytes = 0;
        foreach (var offset in plan.Offsets)
        {
            batch.Add(ReplayCopy.Of(view.Read(offset, null, cancellationToken).First(), plan.App, again));
            bytes += batch[^1].Data.Length;
            if (batch.Count == BatchCount || bytes >= BatchBytes || offset == plan.Offsets[^1])
            {
                var results = await broker.PublishAsync(batch, cancellationToken);
                sent.AddRange(results.Where(static one => one.Accepted).Select(static one => one.Offset));
                if (results.FirstOrDefault(static one => !one.Accepted).Problem is { } problem)
                    throw new MeshException($"the broker took {sent.Count} of {plan.Offsets.Count} events, and no more: {problem}");
                batch = [];
                bytes = 0;
            }
        }

        return sent;
    }

    private async Task<IReadOnlyCollection<ReplayOutcome>> WatchAsync(LogView view, ReplayPlan plan, List<long> sent, CancellationToken cancellationToken)
    {
        // Each of its topics is a consumer of its own.
        var watches = plan.Topics.Select(topic => new ReplayWatch(view, plan.PubSub, topic, plan.App, sent)).ToList();
        var started = context.Time.GetTimestamp();
        IReadOnlyCollection<ReplayOutcome> outcomes;
        while (true)
        {
            watches.ForEach(static one => one.Look());
            outcomes = [.. sent.Select(offset => watches.SelectMany(one => one.Find(offset)).MaxBy(static one => one.State)!)];
            if (outcomes.All(static one => one.State is not (ReplayState.Waiting or ReplayState.Failed)) || context.Time.GetElapsedTime(started) >= Wait)
                return outcomes;
            await Task.Delay(LookEvery, context.Time, cancellationToken);
        }
    }

    private void Report(IReadOnlyCollection<ReplayOutcome> outcomes)
    {
        foreach (var (word, count) in Became(outcomes))
            context.Error.WriteLine($"  {count} {word}");
        foreach (var one in outcomes.Where(static one => one.Cause is not null && one.State is ReplayState.Failed or ReplayState.Dead).Take(10))
            context.Error.WriteLine($"  offset {one.Offset}, after {one.Tries} tries: {one.Cause}");
        if (outcomes.Any(static one => one.State is ReplayState.Waiting or ReplayState.Failed))
            context.Error.WriteLine("mesh: what waits stays in the broker until the app has handled it; 'mesh subscribers' shows it");
    }

    private static IEnumerable<(string Word, int Count)> Became(IReadOnlyCollection<ReplayOutcome> outcomes) =>
        outcomes.GroupBy(static one => one.State).OrderBy(static one => one.Key).Select(static one => (Word(one.Key), one.Count()));

    private static string Word(ReplayState state) => state switch
    {
        ReplayState.Waiting => "waiting",
        ReplayState.Failed => "failed and waiting",
        ReplayState.Handled => "handled",
        ReplayState.AlreadyHandled => "already handled",
        ReplayState.Dropped => "dropped",
        _ => "dead",
    };

    private void PrintJson(ReplayPlan plan, IReadOnlyCollection<ReplayOutcome>? outcomes)
    {
        if (!Json)
            return;
        var answer = new ReplayAnswer(
            plan.Topics.Count == 1 ? plan.Topics.Min! : choice.Topic, plan.PubSub, plan.App, again, plan.Offsets.Count, plan.First, plan.Last, plan.Keys,
            outcomes is not null, outcomes is null ? null : Became(outcomes).ToDictionary(static one => one.Word, static one => one.Count), outcomes);
        context.Out.WriteLine(JsonSerializer.Serialize(answer, BrokerJson.Default.ReplayAnswer));
    }
}
