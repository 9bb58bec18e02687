using HmsMesh.Broker;
using Microsoft.Extensions.Logging.Abstractions;

namespace HmsMesh.Cli.Chaos.Kill;

/// <summary>Publishes under load while processes are killed, waits until everything has been handled, ends all, and counts.</summary>
internal sealed class KillRun(MeshContext context, KillPlan plan, int seed)
{
    /// <summary>So long nothing more may be handled before the run counts what there is.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(20);

    private const int LeastKills = 40;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    public async Task<KillReport> RunAsync(CancellationToken cancellationToken)
    {
        var began = context.Time.GetTimestamp();
        var random = new Random(seed);
        var publishers = KillPlan.Publishers.Select(app => new KillPublisher(plan, app, context.Time)).ToList();
        try
        {
            var fleet = new Fleet(plan, random, context.Time);
            await using (fleet)
            {
                using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                var killing = KillAsync(fleet, random, publishers, enough.Token);
                try
                {
                    await PublishAsync(publishers, fleet, cancellationToken);

                    // A short run is over before much was killed: what is left to handle goes through it then.
                    await Task.WhenAny(killing, EnoughAsync(fleet, enough.Token));
                }
                finally
                {
                    await enough.CancelAsync();
                    await killing;
                }

                await HandledAsync(cancellationToken);
            }

            var count = new KillCount(plan);
            count.Count(await LogAsync(cancellationToken));
            return Report(fleet, count, publishers.Sum(static one => one.Refused), context.Time.GetElapsedTime(began));
        }
        finally
        {
            publishers.ForEach(static one => one.Dispose());
        }
    }

    private async Task PublishAsync(List<KillPublisher> publishers, Fleet fleet, CancellationToken cancellationToken)
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
                if (context.Time.GetElapsedTime(moved) > Patience)
                {
                    throw new MeshException(
                        $"nothing was acknowledged for {Patience.TotalSeconds} s; the last answer: {publishers[0].LastProblem}\n" +
                        string.Join('\n', fleet.Members[0].Said.TakeLast(5)));
                }
            }

            await publishing;
        }
        finally
        {
            await ended.CancelAsync();
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
        var bad = Enumerable.Range(0, plan.PerLane).Count(plan.IsBad) * KillPlan.Publishers.Count * KillPlan.LanesOfPublisher;
        var owed = (plan.Publish * (KillPlan.Consumers.Count - 1)) + bad;
        var (moved, before, told) = (context.Time.GetTimestamp(), 0, 0);
        while (true)
        {
            var handed = KillPlan.Consumers.Sum(one => KillCount.Lines(plan, one.App).DistinctBy(static line => line.Id).Count());
            moved = handed > before ? context.Time.GetTimestamp() : moved;
            before = handed;
            if (handed >= owed || context.Time.GetElapsedTime(moved) > Patience)
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
        await using var broker = await EventBroker.OpenAsync(new BrokerOptions { Path = plan.Broker, Time = context.Time }, NullLogger.Instance, cancellationToken);
        await foreach (var one in broker.ReadAsync(0, follow: false, cancellationToken))
        {
            log.Add(one);
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
        Wrong = count.Wrong,
    };
}
