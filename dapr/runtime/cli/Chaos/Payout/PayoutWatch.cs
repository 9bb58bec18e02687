using HmsMesh.Cli.Control;
using HmsMesh.Cli.Data;

namespace HmsMesh.Cli.Chaos.Payout;

/// <summary>Lets lanes and kills run, tells how far they are, and knows when all is settled, or that nothing moves any more.</summary>
/// <param name="skips">Services that don't run here.</param>
internal sealed class PayoutWatch(
    MeshContext context, PayoutPlan plan, DataFolder data, ControlClient control, ClaimPoster poster, PayoutKills kills, IReadOnlySet<string> skips)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    private const int TellEvery = 4;

    /// <summary>Whose events are waited for.</summary>
    private static readonly string[] Hearers = ["claims", "journey", "metrics", "notifier", "payments"];

    private readonly List<string> _wrong = [];
    private long _moved;
    private long _sum = -1;
    private int _looks;

    public IReadOnlyList<string> Wrong => _wrong;

    /// <summary>False where it stalled before all was settled.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var killing = plan.IsCalm ? Task.CompletedTask : kills.RunAsync(poster, skips, enough.Token);
        var posting = poster.RunAsync(ended.Token);
        _moved = context.Time.GetTimestamp();
        try
        {
            var isWhole = await PostedAsync(posting, cancellationToken) && (plan.IsCalm || await PaidAsync(cancellationToken));
            await enough.CancelAsync();
            await killing;
            if (!plan.IsCalm)
                Spared();
            return isWhole && await SettledAsync(cancellationToken);
        }
        finally
        {
            await enough.CancelAsync();
            await ended.CancelAsync();
            await posting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await killing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> PostedAsync(Task posting, CancellationToken cancellationToken)
    {
        while (await Task.WhenAny(posting, Task.Delay(Look, context.Time, cancellationToken)) != posting)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var progress = Progress.Read(data);
            await TellAsync(progress, 0);
            if (Stalls(progress, 0, $"{poster.Count} of {plan.Claims} claims were answered; the last other answer: {poster.LastProblem ?? "none"}"))
                return false;
        }

        await posting;
        return true;
    }

    /// <summary>Kills go on while something is left to pay.</summary>
    private async Task<bool> PaidAsync(CancellationToken cancellationToken)
    {
        while (Progress.Read(data) is var progress && progress.Sent < poster.Approved)
        {
            await TellAsync(progress, 0);
            if (Stalls(progress, 0, $"{progress.Sent} of {poster.Approved} approved claims are paid, {progress.Open} payments on their way"))
                return false;
            await Task.Delay(Look, context.Time, cancellationToken);
        }

        return true;
    }

    private async Task<bool> SettledAsync(CancellationToken cancellationToken)
    {
        var quiet = 0;
        while (quiet < 2)
        {
            await Task.Delay(Look, context.Time, cancellationToken);
            var (progress, waiting) = (Progress.Read(data), await WaitingAsync(cancellationToken));
            await TellAsync(progress, waiting ?? 0);
            var approved = poster.Approved;
            quiet = progress.Open + progress.Unsaid + (waiting ?? 1) == 0 && progress.Sent >= approved ? quiet + 1 : 0;
            if (Stalls(progress, waiting ?? 0, $"{progress.Sent} of {approved} approved claims are paid, {progress.Open} payments on their way, {progress.Unsaid} events unsaid, {waiting} unheard"))
                return false;
        }

        return true;
    }

    /// <summary>A run in which somebody was never killed says nothing of him.</summary>
    private void Spared()
    {
        foreach (var (victim, _) in kills.ByVictim.Where(one => one.Value == 0 && !skips.Contains(one.Key.Service)))
            _wrong.Add($"not killed: {victim.Name}, so this says nothing of its end");
    }

    private bool Stalls(Progress progress, long waiting, string state)
    {
        var sum = poster.Count + progress.Claims + progress.Sent - progress.Open - progress.Unsaid - waiting;
        if (sum != _sum)
            (_sum, _moved) = (sum, context.Time.GetTimestamp());
        if (context.Time.GetElapsedTime(_moved) <= plan.Patience)
            return false;
        _wrong.Add($"stalled: nothing moved for {plan.Patience.TotalSeconds} s; {state}");
        return true;
    }

    private Task TellAsync(Progress progress, long waiting) => _looks++ % TellEvery != 0
        ? Task.CompletedTask
        : context.Error.WriteLineAsync(
            $"mesh: {poster.Count} of {plan.Claims} claims answered, {poster.SentAgain} sent again, {progress.Sent} paid, {progress.Open} on their way, " +
            $"{waiting} events wait, {kills.Total} killed");

    /// <summary>Events that somebody has still to handle; null where the mesh can't tell now.</summary>
    private async Task<long?> WaitingAsync(CancellationToken cancellationToken)
    {
        try
        {
            var status = await control.StatusAsync(cancellationToken);
            return status.Services.Where(one => Hearers.Contains(one.Service) && !skips.Contains(one.Service)).Sum(static one => one.Waiting);
        }
        catch (MeshException problem) when (problem.ExitCode is not ExitCode.NotRunning)
        {
            return null;
        }
    }
}
