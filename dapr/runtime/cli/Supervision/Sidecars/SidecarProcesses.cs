using HmsMesh.Cli.Logs;
using HmsMesh.Cli.Processes;

namespace HmsMesh.Cli.Supervision.Sidecars;

/// <summary>Starts each sidecar as a process of its own, `mesh sidecar`, which ends with this one.</summary>
internal sealed class SidecarProcesses(ServiceTools tools) : ISidecarStarter, IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { ActivityHeadersPropagator = null, UseProxy = false });

    public async Task<ISidecar> StartAsync(SidecarPlan plan, CancellationToken cancellationToken)
    {
        var lines = new SidecarLines(line => tools.Hub.Write(plan.Label, LogSource.Sidecar, line));
        var child = Child.Start(
            [Environment.ProcessPath!, "sidecar", .. SidecarCommandLine.Flags(plan.Options)],
            plan.Options.DataPath,
            SidecarCommandLine.Environment(plan.Options),
            lines.Take);
        tools.Leftovers.Add(child, $"the sidecar of {plan.Label}");
        var sidecar = new SidecarProcess(plan, child, lines, _http, tools);
        try
        {
            await sidecar.ListensAsync(cancellationToken);
            return sidecar;
        }
        catch
        {
            await sidecar.DisposeAsync();
            throw;
        }
    }

    public void Dispose() => _http.Dispose();
}
