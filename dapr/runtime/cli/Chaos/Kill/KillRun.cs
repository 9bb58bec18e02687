using HmsMesh.Broker;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Cli.Chaos.Kill;

/// <summary>Publishes under load while processes are killed, waits until everything has been handled, ends all, and counts.</summary>
/// <param name="patience">So long nothing may be acknowledged, or handled, before the run counts what there is.</param>
internal sealed class KillRun(MeshContext context, KillPlan plan, int seed, TimeSpan patience)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(20);

    private const int LeastKills = 40;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>What went wrong besides the numbers.</summary>
    private readonly List<string> _wrong = [];

    public async Task<KillReport> RunAsync(CancellationToken cancellationToken)
    {
        var began = context.Time.GetTimestamp();
        var random = new Random(seed);
        var publishers = KillPlan.Publishers.Select(app => new KillPublisher(plan, app, context.Time)).ToList();
        try
        {
            var fleet = new Fleet(plan, context.Time);
            bool stalled;
            await using (fleet)
            {
                using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                var killing = KillAsync(fleet, random, publishers, enough.Token);
                try
                {
                    stalled = await PublishAsync(publishers, fleet, cancellationToken);

                    // A short run is over before much was killed: what is left to handle goes through it then.
                    if (!stalled)
                        await Task.WhenAny(killing, EnoughAsync(fleet, enough.Token));
                }
                finally
                {
                    await enough.CancelAsync();
                    await killing;
                }

                await HandledAsync(cancellationToken);
            }

            if (fleet.WriterKills == 0)
                _wrong.Add("no writer killed: nothing that was killed wrote the log then, so this says nothing of a writer's end");
            var count = new KillCount(plan, stalled);
            count.Count(await LogAsync(cancellationToken));
            return Report(fleet, count, publishers.Sum(static one => one.Refused), context.Time.GetElapsedTime(began));
        }
        finally
        {
            publishers.ForEach(static one => one.Dispose());
        }
    }

    /// <summary>Whether it stalled before all was acknowledged.</summary>
    private async Task<bool> PublishAsync(List<KillPublisher> publishers, Fleet fleet, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var publishing = Task.WhenAll(publishers.Select(one => one.RunAsync(ended.Token)));
        var (moved, before) = (context.Time.GetTimestamp(), 0);
        try
        {
            while (await Task.WhenAny(publishing, Task.Delay(Look * 2, context.Time, cancellationToken)) != publishing)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var accepted = publishers.Sum(static one => one.Accepted);
                moved = accepted > before ? context.Time.GetTimestamp() : moved;
                before = accepted;
                await context.Error.WriteLineAsync(
                    $"mesh: {accepted} of {plan.Publish} acknowledged, {publishers.Sum(static one => one.Refused)} sent again, " +
                    $"{fleet.Members.Sum(static one => one.Kills)} killed ({fleet.WriterKills} that wrote)");
                if (context.Time.GetElapsedTime(moved) > patience)
                {
                    _wrong.Add(
                        $"stalled: nothing was acknowledged for {patience.TotalSeconds} s, {accepted} of {plan.Publish} by then; the last answer to " +
                        $"{publishers[0].App}: {publishers[0].LastProblem ?? "none"}; its sidecar said: {string.Join(" | ", fleet.Members[0].Said.TakeLast(5))}");
                    return true;
                }
            }

            await publishing;
            return false;
        }
        finally
        {
            await ended.CancelAsync();
            await publishing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task EnoughAsync(Fleet fleet, CancellationToken cancellationToken)
    {
        while (fleet.Members.Sum(static one => one.Kills) < LeastKills)
        {
            await Task.Delay(Look / 10, context.Time, cancellationToken);
        }
    }

    private async Task KillAsync(Fleet fleet, Random random, List<KillPublisher> publishers, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(100, 1_100)), context.Time, cancellationToken);
                fleet.KillOne(random);
                await GoesOnAsync(publishers, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Everything is published: what is left may be handled in peace.
        }
    }

    /// <summary>The next kill waits until publishing went on after the last one: so its pace is the machine's, and each one hits work.</summary>
    private async Task GoesOnAsync(List<KillPublisher> publishers, CancellationToken cancellationToken)
    {
        var before = publishers.Sum(static one => one.Accepted);
        var killed = context.Time.GetTimestamp();
        while (publishers.Sum(static one => one.Accepted) is var now && now == before && now < plan.Publish
            && context.Time.GetElapsedTime(killed) < LongestPause)
        {
            await Task.Delay(Look / 20, context.Time, cancellationToken);
        }
    }

    /// <summary>Waits until the handlers' files have all, or nothing more comes.</summary>
    private async Task HandledAsync(CancellationToken cancellationToken)
    {
        var published = KillCount.Published(plan);
        var owed = (published.Count * (KillPlan.Consumers.Count - 1)) + published.Count(id => plan.IsBad(EventId.Number(id)));
        var (moved, before, told) = (context.Time.GetTimestamp(), 0, 0);
        while (true)
        {
            var handed = KillPlan.Consumers.Sum(one => KillCount.Lines(plan, one.App).DistinctBy(static line => line.Id).Count());
            moved = handed > before ? context.Time.GetTimestamp() : moved;
            before = handed;
            if (handed >= owed || context.Time.GetElapsedTime(moved) > patience)
            {
                return;
            }

            if (told++ % 3 == 0)
            {
                await context.Error.WriteLineAsync($"mesh: {handed} of {owed} deliveries written down");
            }

            await Task.Delay(Look, context.Time, cancellationToken);
        }
    }

    private async Task<List<StoredEvent>> LogAsync(CancellationToken cancellationToken)
    {
        var log = new List<StoredEvent>();
        try
        {
            await using var broker = await EventBroker.OpenAsync(new BrokerOptions { Path = plan.Broker, Time = context.Time }, NullLogger.Instance, cancellationToken);
            await foreach (var one in broker.ReadAsync(0, follow: false, cancellationToken))
            {
                log.Add(one);
            }
        }
        catch (BrokerException problem)
        {
            _wrong.Add($"unreadable: after {log.Count} events the log can't be read: {problem.Message}");
        }

        return log;
    }

    private KillReport Report(Fleet fleet, KillCount count, int again, TimeSpan took) => new()
    {
        Seed = seed,
        Seconds = Math.Round(took.TotalSeconds, 1),
        SidecarKills = fleet.Members.Where(static one => one.Kind == "sidecar").Sum(static one => one.Kills),
        ServiceKills = fleet.Members.Where(static one => one.Kind == "service").Sum(static one => one.Kills),
        WriterKills = fleet.WriterKills,
        SentAgain = again,
        Acknowledged = count.Acknowledged,
        Found = count.Found,
        Lost = count.Acknowledged - count.Found,
        Delivered = count.Delivered,
        DeliveredOf = count.DeliveredOf,
        DeliveredAgain = count.DeliveredAgain,
        DeadLetters = count.DeadLetters,
        DeadLettersOf = count.DeadLettersOf,
        Wrong = [.. _wrong, .. count.Wrong],
    };
}
