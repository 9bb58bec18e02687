using System.Globalization;
using HmsMesh.Broker.Native;
using HmsMesh.Shared;

namespace HmsMesh.Cli.Chaos.Kill;

/// <summary>All processes of a run: a sidecar for each publisher, a sidecar and a service for each instance of a consumer.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private readonly bool _spareWriters;
    private readonly string _lock;

    public Fleet(KillPlan plan, TimeProvider time)
    {
        _spareWriters = plan.SpareWriters;
        _lock = Path.Combine(plan.Broker, "lock");
        Members = [.. Publishers(plan), .. Consumers(plan)];
        _running = Task.WhenAll(Members.Select(one => one.RunAsync(time, _stop.Token)));
    }

    public IReadOnlyList<FleetMember> Members { get; }

    public int WriterKills { get; private set; }

    /// <summary>Kills one by -9: in every third turn the one that writes the log now, else any.</summary>
    public void KillOne(Random random)
    {
        var writer = Writer();
        var victim = random.Next(3) == 0 && writer is not null && !_spareWriters ? writer : Members[random.Next(Members.Count)];
        if (victim == writer && _spareWriters)
        {
            return;
        }

        WriterKills += victim == writer ? 1 : 0;
        victim.Kill();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    /// <summary>The process that signed the folder's lock.</summary>
    private FleetMember? Writer()
    {
        try
        {
            return ProcessLock.Holder(_lock) is { } pid ? Members.FirstOrDefault(one => one.Pid == pid) : null;
        }
        catch (IOException)
        {
            // Nobody has made it yet.
            return null;
        }
    }

    private static IEnumerable<FleetMember> Publishers(KillPlan plan) =>
        plan.Ports.Select(one => Sidecar(plan, one.Key, one.Key, one.Value));

    private static IEnumerable<FleetMember> Consumers(KillPlan plan)
    {
        foreach (var (app, _, instances) in KillPlan.Consumers)
        {
            for (var instance = 1; instance <= instances; instance++)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"{app}-{instance}");
                var port = Text(FreePorts.Take());
                var every = Text(app == KillPlan.Failing ? plan.BadEvery : 0);
                yield return new FleetMember(
                    name, "service", [Environment.ProcessPath!, ChaosHandler.Name, port, Path.Combine(plan.Handled, name), every], plan.Folder);
                yield return Sidecar(plan, app, name, FreePorts.Take(), "--app-port", port,
                    "--enable-app-health-check", "--app-health-probe-interval", "1", "--app-health-threshold", "1");
            }
        }
    }

    private static FleetMember Sidecar(KillPlan plan, string app, string name, int port, params string[] flags) => new(
        name, "sidecar",
        [Environment.ProcessPath!, "sidecar", "--app-id", app, "--dapr-http-port", Text(port), "--resources-path", plan.Resources, .. flags],
        plan.Folder);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
