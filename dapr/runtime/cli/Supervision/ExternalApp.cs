using System.Text;
using HmsMesh.Cli.Data;

namespace HmsMesh.Cli.Supervision;

/// <summary>A service whose process somebody else starts, such as a debugger: its environment is written down, and whether it is there is seen
/// at its port.</summary>
internal sealed class ExternalApp(ServicePlan plan, ServiceTools tools)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <summary>Until told to stop. While it is not there its sidecar delivers nothing, and events wait.</summary>
    public async Task WatchAsync(Action came, Action went, CancellationToken stop)
    {
        AtomicFile.Write(plan.EnvironmentFile!, Encoding.UTF8.GetBytes(EnvironmentFile(plan)));
        went();
        var isThere = false;
        try
        {
            while (true)
            {
                // One that stands still in a debugger is there, healthy or not; nobody there is told by the port alone.
                var listens = await HealthProbe.ListensAsync(plan);
                if (isThere ? !listens : listens && await tools.Probe.IsHealthyAsync(plan, stop))
                {
                    isThere = !isThere;
                    (isThere ? came : went)();
                    tools.Report(isThere ? $"{plan.Label} is there" : $"{plan.Label} is gone; its events wait");
                }

                await Task.Delay(Look, tools.Time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The mesh has no say over the process; only its sidecar ends.
        }
        finally
        {
            File.Delete(plan.EnvironmentFile!);
        }
    }

    /// <summary>Lines that sh and the IDEs' readers of such files take alike.</summary>
    internal static string EnvironmentFile(ServicePlan plan)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in plan.Environment().OrderBy(pair => pair.Key, StringComparer.Ordinal))
            text.Append(name).Append('=').Append(Quote(value)).Append('\n');
        return text.ToString();
    }

    private static string Quote(string value) =>
        value.All(letter => char.IsAsciiLetterOrDigit(letter) || "_-./:=@%+,".Contains(letter, StringComparison.Ordinal))
            ? value
            : $"'{value.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
