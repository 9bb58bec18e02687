using HmsMesh.Cli.Control;
using HmsMesh.Cli.Processes;

namespace HmsMesh.Cli.Chaos.Payout;

/// <summary>Kills the processes of a payout by -9, one after another in rounds whose order is random. `mesh up` starts them again.</summary>
internal sealed class PayoutKills(ControlClient mesh, PayoutPlan plan, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>So long a victim may be away before the next one has its turn.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    private readonly Dictionary<Victim, int> _kills = Victims.ToDictionary(static one => one, static _ => 0);
    private int _total;

    public static IReadOnlyList<Victim> Victims { get; } =
    [
        new("payments", IsSidecar: false),
        new("payments", IsSidecar: true),
        new("notifier", IsSidecar: false),
        new("notifier", IsSidecar: true),
        new("bank", IsSidecar: false),
    ];

    public int Total => Volatile.Read(ref _total);

    /// <summary>By whom. Read once this has ended.</summary>
    public IReadOnlyDictionary<Victim, int> ByVictim => _kills;

    /// <summary>Until told to end.</summary>
    /// <param name="skips">Services that don't run here.</param>
    public async Task RunAsync(IReadOnlySet<string> skips, CancellationToken cancellationToken)
    {
        var random = new Random(plan.Seed);
        var victims = Victims.Where(one => !skips.Contains(one.Service)).ToArray();
        try
        {
            while (true)
            {
                random.Shuffle(victims);
                foreach (var victim in victims)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(random.Next(150, 900)), time, cancellationToken);
                    await KillAsync(victim, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What is left may be done in peace.
        }
    }

    private async Task KillAsync(Victim victim, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (time.GetElapsedTime(began) < LongestWait)
        {
            if (victim.PidIn(await mesh.StatusAsync(cancellationToken)) is { } pid && Native.Kill(pid, Native.SignalKill) == 0)
            {
                _kills[victim]++;
                Interlocked.Increment(ref _total);
                return;
            }

            await Task.Delay(Look, time, cancellationToken);
        }
    }
}
