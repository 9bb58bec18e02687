using HmsMesh.Cli.Control;
using HmsMesh.Cli.Processes;

namespace HmsMesh.Cli.Chaos.Payout;

/// <summary>Kills the processes of a payout by -9, one after another in rounds whose order is random. `mesh up` starts them again. The
/// next kill waits until something was paid after the last one, or nothing is left to pay: so its pace is the machine's, and each one
/// hits work where there is some.</summary>
/// <param name="paid">How many payments were sent so far.</param>
internal sealed class PayoutKills(ControlClient mesh, PayoutPlan plan, Func<long> paid, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>So long a victim may be away, or nothing be paid, before the next one has its turn.</summary>
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
    /// <param name="poster">Whose claims are to be paid.</param>
    /// <param name="skips">Services that don't run here.</param>
    public async Task RunAsync(ClaimPoster poster, IReadOnlySet<string> skips, CancellationToken cancellationToken)
    {
        var random = new Random(plan.Seed);
        var victims = Victims.Where(one => !skips.Contains(one.Service)).ToArray();
        try
        {
            await GoesOnAsync(poster, cancellationToken);
            while (true)
            {
                random.Shuffle(victims);
                foreach (var victim in victims)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(random.Next(500)), time, cancellationToken);
                    await KillAsync(victim, cancellationToken);
                    await GoesOnAsync(poster, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What is left may be done in peace.
        }
    }

    private async Task GoesOnAsync(ClaimPoster poster, CancellationToken cancellationToken)
    {
        var (began, before) = (time.GetTimestamp(), paid());
        while (paid() is var now && now == before && (poster.Count == 0 || poster.Approved > now) && time.GetElapsedTime(began) < LongestWait)
            await Task.Delay(Look, time, cancellationToken);
    }

    private async Task KillAsync(Victim victim, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (time.GetElapsedTime(began) < LongestWait)
        {
            if (await PidAsync(victim, cancellationToken) is { } pid && Native.Kill(pid, Native.SignalKill) == 0)
            {
                _kills[victim]++;
                Interlocked.Increment(ref _total);
                return;
            }

            await Task.Delay(Look, time, cancellationToken);
        }
    }

    private async Task<int?> PidAsync(Victim victim, CancellationToken cancellationToken)
    {
        try
        {
            return victim.PidIn(await mesh.StatusAsync(cancellationToken));
        }
        catch (MeshException problem) when (problem.ExitCode is not ExitCode.NotRunning)
        {
            // The broker that it asks lost its writer at this moment.
            return null;
        }
    }
}
